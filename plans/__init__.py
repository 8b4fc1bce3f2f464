"""The room `plans`: shared plan templates and what each organisation made of them."""
