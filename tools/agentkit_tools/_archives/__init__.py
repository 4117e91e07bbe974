"""Files of other programs brought into a home: calendars, cards, and subscriptions."""
