"""Addresses of the meetings' pages."""

from django.urls import URLPattern, path

from meetings.views import (
    attendance,
    earlier,
    filing,
    importing,
    items,
    planning,
    presence,
    publishing,
    reading,
    redacting,
    saving,
    web,
    workspace,
)

app_name = "meetings"

_group: list[URLPattern] = [
    path("group/<slug:slug>/new/", planning.create, name="create"),
    path("group/<slug:slug>/import/", importing.import_minutes, name="import"),
]
_meeting: list[URLPattern] = [
    path("<int:pk>/", reading.detail, name="detail"),
    path("<int:pk>/edit/", workspace.workspace, name="workspace"),
    path("<int:pk>/settings/", planning.settings, name="settings"),
    path("<int:pk>/cancel/", planning.cancel, name="cancel"),
    path("<int:pk>/revive/", planning.revive, name="revive"),
    path("<int:pk>/pulse/", presence.pulse, name="pulse"),
    path("<int:pk>/parts/", presence.parts, name="parts"),
    path("<int:pk>/pickable/", saving.pickable, name="pickable"),
]
_items: list[URLPattern] = [
    path("<int:pk>/items/add/", items.add_item, name="add_item"),
    path("<int:pk>/items/<int:item>/edit/", items.edit_item, name="edit_item"),
    path("<int:pk>/items/<int:item>/rename/", items.rename_item, name="rename_item"),
    path("<int:pk>/items/<int:item>/move/", items.move_item, name="move_item"),
    path("<int:pk>/items/<int:item>/delete/", items.delete_item, name="delete_item"),
    path("<int:pk>/items/<int:item>/restore/", items.restore_item, name="restore_item"),
    path("<int:pk>/items/<int:item>/save/", saving.save_item, name="save_item"),
    path("<int:pk>/items/<int:item>/settle/", saving.settle, name="settle"),
    path("<int:pk>/items/<int:item>/text/", saving.item_text, name="item_text"),
    path("<int:pk>/items/<int:item>/earlier/", earlier.earlier, name="earlier"),
    path(
        "<int:pk>/items/<int:item>/earlier/<int:number>/restore/",
        earlier.restore,
        name="restore_text",
    ),
    path("<int:pk>/items/<int:item>/attach/", items.attach, name="attach"),
    path("<int:pk>/files/<str:sha256>/<str:filename>", reading.file, name="file"),
    path("<int:pk>/attachments/<int:attachment>/detach/", items.detach, name="detach"),
    path("<int:pk>/attachments/<int:attachment>/check/", items.check, name="check_attachment"),
]
_attendance: list[URLPattern] = [
    path("<int:pk>/attendance/", attendance.set_mode, name="set_mode"),
    path("<int:pk>/attendance/everyone/", attendance.everyone_present, name="everyone_present"),
    path("<int:pk>/attendance/guests/", attendance.add_guest, name="add_guest"),
    path("<int:pk>/attendance/<int:attendance>/remove/", attendance.remove, name="remove_guest"),
]
_publishing: list[URLPattern] = [
    path("<int:pk>/agenda/send/", publishing.send_agenda, name="send_agenda"),
    path("<int:pk>/start/", publishing.start, name="start"),
    path("<int:pk>/end/", publishing.end, name="end"),
    path("<int:pk>/share/", publishing.share, name="share"),
    path("<int:pk>/correct/", publishing.correct, name="correct"),
    path("<int:pk>/correct/close/", publishing.close_correction, name="close_correction"),
    path("<int:pk>/approve/", publishing.approve, name="approve"),
    path("<int:pk>/redact/", redacting.redact, name="redact"),
    path("<int:pk>/pdf/", reading.pdf, name="pdf"),
    path("<int:pk>/versions/", reading.versions, name="versions"),
]
_records: list[URLPattern] = [
    path("<int:pk>/records/", filing.records, name="records"),
    path("<int:pk>/archive/", filing.archive, name="archive"),
    path("<int:pk>/archive/package/", filing.archive_package, name="archive_package"),
    path("<int:pk>/web/", web.publish, name="publish"),
    path("<int:pk>/web/withdraw/", web.withdraw, name="withdraw"),
]
_versions: list[URLPattern] = [
    path("<int:pk>/<slug:kind>/<int:number>/", reading.version, name="version"),
    path("<int:pk>/<slug:kind>/<int:number>/pdf/", reading.pdf, name="version_pdf"),
]

urlpatterns = _group + _meeting + _items + _attendance + _publishing + _records + _versions
