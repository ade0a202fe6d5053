"""A service's own assessment: its profile, its risks, what is done about them, and what is left."""
