"""What sends or deletes waits for a yes: from a callback, or in a pause."""

from agentkit import Agent, NeedsApproval, tool
from agentkit.backends import ScriptedBackend
from agentkit.outcomes import Approval

OUTBOX: list[str] = []


def _show(to: str, text: str) -> str:
    return f"Send to {to}: {text!r}"


@tool(effect="send", preview=_show)
def send_message(to: str, text: str) -> str:
    """Send a message.

    Args:
        to: who gets it.
        text: what it says.
    """
    OUTBOX.append(f"{to}: {text}")
    return "sent"


def only_to_ann(approval: Approval) -> bool:
    """Play the user: say yes to what goes to Ann."""
    answer = bool(approval.call.arguments["to"] == "Ann")
    print(f"  {approval.preview} -> {'yes' if answer else 'no'}")
    return answer


def main() -> None:
    """Ask by a callback, then pause and resume."""
    both = (
        '[send_message(to="Ann", text="Lunch?"), send_message(to="Bob", text="Lunch?")]'
    )

    print("A callback is asked before each send:")
    model = ScriptedBackend([both, "I asked Ann; Bob was not asked."])
    outcome = Agent([send_message], model, approve=only_to_ann).run("Ask both to lunch")
    print(f"  {outcome.text} Outbox: {OUTBOX}")

    print("Without a callback the run pauses, for as long as it takes:")
    OUTBOX.clear()
    agent = Agent([send_message], ScriptedBackend([both, "Both are asked."]))
    paused = agent.run("Ask both to lunch")
    assert isinstance(paused, NeedsApproval)
    print(f"  {paused.text} Outbox: {OUTBOX}")
    outcome = agent.resume(paused, approve=True)
    print(f"  {outcome.text} Outbox: {OUTBOX}")


if __name__ == "__main__":
    main()
