"""Cases as pure functions: statuses, order of work, claims, judgement and appeals."""
