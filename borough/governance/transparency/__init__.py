"""What the council publishes of itself, drawn from the register: purposes, agreements, rules, figures. No sign-in."""
