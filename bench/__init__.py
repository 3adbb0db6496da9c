"""What the portal costs: its busiest pages beside bare twins of them, in the same run. `script/bench` starts it."""
