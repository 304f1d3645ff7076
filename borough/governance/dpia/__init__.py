"""Data protection impact assessments: whether one is needed, by what is declared, and the document in seven steps.

Glossary
--------
screening  which criteria a purpose meets, worked out from agreements, sources and decision rules
step       one of the seven of the ICO's template: need, processing, consultation, necessity, risks, measures, sign-off
signed     measures and what risk remains were approved, and the data protection officer has advised
"""
