"""Every choice a user has, declared once: type, default, range, unit, help and flag."""
