"""What changes meetings; nothing else does. Each service is one transaction with an actor."""
