"""Recording formats: each module recognises one layout from its opening and reads it whole."""
