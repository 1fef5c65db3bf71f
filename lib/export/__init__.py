"""A run as files that live without Glasshouse: programs, weights, metrics, a report, a set-up."""
