"""Exchange of the calendar and the contacts with a CalDAV and CardDAV server."""
