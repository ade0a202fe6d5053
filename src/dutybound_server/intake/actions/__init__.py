from dutybound_server.intake.actions.items import Answer, take_item

__all__ = ["Answer", "take_item"]
