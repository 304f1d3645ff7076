"""Who may need help, where they live, and whether the help worked.

Glossary
--------
indicator  a sign that somebody may need help, computed from what sources hold; a number with a unit
score      the weighted count of a resident's signs: a reason for a person to look, never a decision
run        one computing of all indicators of all residents
cohort     the residents that a rule chooses: its size first; frozen, with a purpose, before any name is shown
rule       which indicators and areas a cohort is chosen by: {"all": […], "any": […], "none": […], "areas": […]}
figure     a count of residents in an area; a published figure is rounded, and hidden when small
"""
