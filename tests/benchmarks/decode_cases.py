"""Requests to the bundled tools, and the calls that a good model answers them with.

Written by hand for counting forward passes: one request each of what assistants are
asked daily, strings in the quotes that Llama 3.2 writes by itself most often.
"""

from __future__ import annotations

CASES = (
    (
        "Remind me to water the plants on Friday at 6pm",
        '[create_reminder(text="water the plants", when="Friday at 6pm")]',
    ),
    (
        "Set up a meeting with Anna about the budget tomorrow at 10",
        '[create_event(title="Meeting with Anna about the budget", '
        'start="tomorrow at 10", attendees=["Anna"])]',
    ),
    ("What is on my calendar next Tuesday?", '[find_events(when="next Tuesday")]'),
    (
        "Move the dentist appointment to Thursday at 3pm",
        '[move_event(title="dentist appointment", to="Thursday at 3pm")]',
    ),
    ("Cancel lunch with Ben", '[cancel_event(title="lunch with Ben")]'),
    (
        "When am I free this afternoon for an hour?",
        '[free_time(when="this afternoon", duration="1 hour")]',
    ),
    (
        "Find half an hour with Clara and Tom this week",
        '[find_slot(duration="30 minutes", people=["Clara", "Tom"], when="this week")]',
    ),
    (
        "Tell Maria that I will be ten minutes late",
        '[send_message(to="Maria", text="I will be ten minutes late")]',
    ),
    (
        "Did anybody write about the invoice?",
        '[find_messages(query="invoice")]',
    ),
    (
        "Show me unread messages from Peter",
        '[find_messages(sender="Peter", unread=True)]',
    ),
    ("What is Sarah's phone number?", '[find_contact(name="Sarah")]'),
    (
        "Save John Miller, john.miller@example.com, as a contact",
        '[add_contact(name="John Miller", email="john.miller@example.com")]',
    ),
    (
        "Note that the gate code is 4711",
        '[take_note(text="The gate code is 4711")]',
    ),
    (
        "Find my note about the wifi password",
        '[find_notes(query="wifi password")]',
    ),
    (
        "Add milk to the shopping list",
        '[add_to_list(item="milk", list_name="shopping")]',
    ),
    (
        "Wake me up at 6:30 on weekdays",
        '[set_alarm(time="6:30", repeat="weekdays")]',
    ),
    (
        "Start a timer for 12 minutes for the pasta",
        '[start_timer(duration="12 minutes", name="pasta")]',
    ),
    ("What time is it in Tokyo?", '[tell_time(place="Tokyo")]'),
    (
        "Mark the reminder to call mum as done",
        '[complete_reminder(text="call mum")]',
    ),
    (
        "Remind me to take the medicine every day at 8 and put eggs on my list",
        '[create_reminder(text="take the medicine", when="8:00", '
        'repeat="every day"), add_to_list(item="eggs")]',
    ),
)
