"""Community aid: neighbours bring food, do the shopping, fetch prescriptions, keep company and walk dogs."""
