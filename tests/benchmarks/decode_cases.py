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

# Written before the guesses were measured on them; nothing was tuned on them.
SECOND = (
    (
        "can you put the quarterly review with Hannah and Lukas on Monday 9am, "
        "conference room B",
        '[create_event(title="Quarterly review", start="Monday 9am", '
        'location="conference room B", attendees=["Hannah", "Lukas"])]',
    ),
    (
        "I need to pick up the dry cleaning before 5 tomorrow, remind me",
        '[create_reminder(text="Pick up the dry cleaning", when="tomorrow at 4 PM")]',
    ),
    (
        "text Oliver: running late, start without me",
        '[send_message(to="Oliver", text="Running late, start without me")]',
    ),
    ("do I have anything on the 14th?", '[find_events(when="the 14th")]'),
    (
        "Push my 3 o'clock with Priya to 4:30",
        '[move_event(title="Priya", to="4:30 PM", when="3 PM")]',
    ),
    (
        "we're out of olive oil and paper towels",
        '[add_to_list(item="olive oil", list_name="groceries"), '
        'add_to_list(item="paper towels", list_name="groceries")]',
    ),
    (
        "what did Julia write me about the apartment this week",
        '[find_messages(query="apartment", sender="Julia", when="this week")]',
    ),
    (
        "If it is 8 in the evening in Lisbon, what time is that in Sydney?",
        '[convert_time(to_place="Sydney", time="8 PM", from_place="Lisbon")]',
    ),
    ("alarm quarter to seven please", '[set_alarm(time="6:45 AM")]'),
    (
        "Make a note titled car: insurance number is HX-20991, renew in May",
        '[take_note(text="Insurance number is HX-20991, renew in May", title="car")]',
    ),
    (
        "my brother Stefan has a new number, +49 170 5550123",
        '[edit_contact(name="Stefan", phone="+49 170 5550123")]',
    ),
    (
        "Invite Noor and Femi to a tasting on Saturday evening at seven at my place",
        '[send_invite(title="Tasting", start="Saturday at 7 PM", '
        'attendees=["Noor", "Femi"], location="my place")]',
    ),
    (
        "tell Greta I can't make it to the parents' evening, but I'd love to hear how "
        "it went",
        '[send_message(to="Greta", text="I can\'t make it to the parents\' evening, '
        "but I'd love to hear how it went.\")]",
    ),
    ("10 minute timer", '[start_timer(duration="10 minutes")]'),
    (
        "When could Ravi, Mei and I meet for ninety minutes next week?",
        '[find_slot(duration="90 minutes", people=["Ravi", "Mei"], when="next week")]',
    ),
    (
        "yoga every Wednesday at 18:30 for an hour",
        '[create_event(title="Yoga", start="Wednesday at 18:30", duration="1 hour", '
        'repeat="every Wednesday")]',
    ),
    (
        "scratch batteries from the hardware list",
        '[remove_from_list(item="batteries", list_name="hardware")]',
    ),
    ("Say yes to the offsite", '[answer_invite(answer="accept", title="offsite")]'),
    (
        "sum up my last 5 mails from the bank",
        '[summarize_messages(count=5, sender="bank")]',
    ),
    ("the passport one is done", '[complete_reminder(text="passport")]'),
    (
        "call off Thursday's physio and tell Dr. Weber I'm sorry",
        '[cancel_event(title="physio", when="Thursday"), '
        'send_message(to="Dr. Weber", text="I\'m sorry, I have to cancel on '
        'Thursday.")]',
    ),
    ("what day is it in three weeks", '[tell_date(when="in three weeks")]'),
)

# The same, kept apart for the next time that the guesses change.
THIRD = (
    (
        "Block two hours on Friday morning for the tax return",
        '[create_event(title="Tax return", start="Friday morning", '
        'duration="2 hours")]',
    ),
    (
        "message Aunt Rosa that we arrive on the 11:20 train",
        '[send_message(to="Aunt Rosa", text="We arrive on the 11:20 train")]',
    ),
    (
        "ping me at noon about the parcel",
        '[create_reminder(text="parcel", when="noon")]',
    ),
    (
        "is there something from HR that I haven't read?",
        '[find_messages(sender="HR", unread=True)]',
    ),
    (
        "Dinner with the Okafors moves to Sunday, same time",
        '[move_event(title="Dinner with the Okafors", to="Sunday")]',
    ),
    ("any gaps tomorrow afternoon?", '[free_time(when="tomorrow afternoon")]'),
    (
        "put stamps, envelopes and glue on the office list",
        '[add_to_list(item="stamps", list_name="office"), '
        'add_to_list(item="envelopes", list_name="office"), '
        'add_to_list(item="glue", list_name="office")]',
    ),
    (
        "New contact: Wei Zhang, wei.zhang@northlab.example, 555-0148",
        '[add_contact(name="Wei Zhang", email="wei.zhang@northlab.example", '
        'phone="555-0148")]',
    ),
    (
        "write down that the boiler pressure was 1.4 bar",
        '[take_note(text="The boiler pressure was 1.4 bar")]',
    ),
    ("what's on the packing list", '[show_list(list_name="packing")]'),
    (
        "wake me at 5:15 tomorrow, flight",
        '[set_alarm(time="5:15 AM tomorrow", label="flight")]',
    ),
    (
        "Decline the budget sync and propose Tuesday at 2 instead",
        '[answer_invite(answer="decline", title="budget sync", '
        'propose="Tuesday at 2 PM")]',
    ),
    (
        "when's my next appointment with the orthodontist",
        '[find_events(query="orthodontist", count=1)]',
    ),
    (
        "forget the reminder about the library books",
        '[delete_reminder(text="library books")]',
    ),
    (
        "steep the tea for four minutes",
        '[start_timer(duration="4 minutes", name="tea")]',
    ),
    (
        "let everybody in the band know rehearsal is cancelled tonight because the "
        "room is flooded",
        '[send_message(to="band", text="Rehearsal is cancelled tonight because the '
        'room is flooded.")]',
    ),
    ("Clock in Nairobi?", '[tell_time(place="Nairobi")]'),
    ("note search: recipe for pierogi", '[find_notes(query="recipe for pierogi")]'),
    (
        "meet Jonas at Cafe Einstein on the 3rd at half past two, remind me an hour "
        "before",
        '[create_event(title="Meet Jonas", start="the 3rd at 2:30 PM", '
        'location="Cafe Einstein", attendees=["Jonas"], remind_before="1 hour")]',
    ),
    ("what do people still owe me an answer on", "[find_follow_ups()]"),
)
