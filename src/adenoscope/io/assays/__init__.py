"""Exports of tracking and scoring programs: each module recognises one layout and reads it whole."""
