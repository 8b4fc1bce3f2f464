"""The ground floor's housekeeping, run by the worker."""

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="*/5 * * * *")
@app.task(name="core.retry_stalled", queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Start again the jobs whose worker was killed in the middle."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="core.clear_sessions", queueing_lock="core.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Remove sessions that have ended, and with them what an expired form had kept."""
    call_command("clearsessions")
