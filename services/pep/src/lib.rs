//! The policy enforcement point: who calls, and whether the decision point lets them.
