"""Dutybound, the house: one installation for one provider and its services."""
