"""What good service is, agreed by both sides of a link, in clauses that can be measured."""
