"""Guesses the servers of a mail address, from a list of large providers.

They are what the providers say themselves; a wrong guess is corrected by whoever is
asked, before anything is connected to.
"""

from __future__ import annotations

from dataclasses import dataclass

_APP = "This provider wants an app password, made in your account's settings."


@dataclass(frozen=True, slots=True)
class MailHosts:
    """The servers of a mail address; empty where they are not known."""

    imap: str = ""
    smtp: str = ""
    caldav: str = ""
    hint: str = ""


_GOOGLE = MailHosts("imap.gmail.com", "smtp.gmail.com", hint=_APP)
_MICROSOFT = MailHosts(
    "outlook.office365.com",
    "smtp.office365.com",
    hint="Microsoft takes no passwords here: use --oauth microsoft.",
)
_ICLOUD = MailHosts(
    "imap.mail.me.com", "smtp.mail.me.com", "https://caldav.icloud.com/", _APP
)
_KNOWN = {
    "gmail.com": _GOOGLE,
    "googlemail.com": _GOOGLE,
    "outlook.com": _MICROSOFT,
    "hotmail.com": _MICROSOFT,
    "live.com": _MICROSOFT,
    "icloud.com": _ICLOUD,
    "me.com": _ICLOUD,
    "mac.com": _ICLOUD,
    "fastmail.com": MailHosts(
        "imap.fastmail.com",
        "smtp.fastmail.com",
        "https://caldav.fastmail.com/",
        _APP,
    ),
    "gmx.de": MailHosts("imap.gmx.net", "mail.gmx.net", "https://caldav.gmx.net/"),
    "gmx.net": MailHosts("imap.gmx.net", "mail.gmx.net", "https://caldav.gmx.net/"),
    "web.de": MailHosts("imap.web.de", "smtp.web.de", "https://caldav.web.de/"),
    "yahoo.com": MailHosts("imap.mail.yahoo.com", "smtp.mail.yahoo.com", hint=_APP),
    "posteo.de": MailHosts(
        "posteo.de", "posteo.de", "https://posteo.de:8443/calendars/"
    ),
    "mailbox.org": MailHosts(
        "imap.mailbox.org", "smtp.mailbox.org", "https://dav.mailbox.org/"
    ),
}


def hosts_of(email: str) -> MailHosts:
    """Guess the servers of an address."""
    domain = email.rpartition("@")[2].strip().lower()
    if not domain:
        return MailHosts()
    # What most providers have; it is shown and can be changed.
    return _KNOWN.get(domain) or MailHosts(f"imap.{domain}", f"smtp.{domain}")
