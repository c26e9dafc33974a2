"""Measures to "look here": each signal carries the evidence that it rests on."""
