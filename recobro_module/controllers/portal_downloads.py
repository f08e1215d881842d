from ..engine.portal import portal_account, portal_export, portal_log
from .portal_base import CollectionsBase, reading

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PortalDownloads(CollectionsBase):
    """The account as a file. Each is a line of the log, so these pages write."""

    @reading("/statement.pdf", readonly=False)
    def statement_pdf(self, token, **_other):
        """Give the account as a PDF."""
        access, refused = self._enter(token, "download")
        if refused:
            return refused
        return self._give(access, portal_export.pdf(access), "application/pdf", "pdf")

    @reading("/statement.xlsx", readonly=False)
    def statement_spreadsheet(self, token, **_other):
        """Give the account as a spreadsheet."""
        access, refused = self._enter(token, "download")
        if refused:
            return refused
        content = portal_export.spreadsheet(access, portal_account.statement_of(access))
        return self._give(access, content, _SPREADSHEET, "xlsx")

    def _give(self, access, content, content_type, ending):
        name = portal_export.file_name(access, ending)
        if self._is_customer():
            portal_log.downloaded(access, name)
        return self._send(content, content_type, name)
