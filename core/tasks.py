"""The ground floor's housekeeping, run by the worker."""

from django.core.management import call_command
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from core.mail import deliver, due, forget


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


@app.task(name="core.send_mail")
def send_mail(mail: int) -> None:
    """Send one mail, as soon as what caused it is committed."""
    deliver(mail, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="core.sweep_mail", queueing_lock="core.sweep_mail", lock="core.sweep_mail")
def sweep_mail(timestamp: int) -> None:
    """Send what waits for another attempt, and what a killed worker left behind."""
    for pk in due(now=timezone.now()):
        deliver(pk, now=timezone.now())


@app.periodic(cron="27 3 * * *")
@app.task(name="core.forget_mail", queueing_lock="core.forget_mail")
def forget_mail(timestamp: int) -> None:
    """Empty the words of old mails."""
    forget(now=timezone.now())
