from dutybound_server.intake.actions.items import Answer, take_item
from dutybound_server.intake.actions.rematches import rematch
from dutybound_server.intake.actions.retention import erase_old_items
from dutybound_server.intake.actions.verdicts import journal_verdicts

__all__ = ["Answer", "erase_old_items", "journal_verdicts", "rematch", "take_item"]
