"""Crisis referral: a conversation finds what somebody needs before it becomes a crisis, and passes each need on."""
