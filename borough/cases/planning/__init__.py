"""Link workers: who is theirs, whom to call next, and the plan that they make with a resident."""
