"""The bundled tools: calendar, contacts, messages, reminders, lists, search, clock."""
