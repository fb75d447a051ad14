"""Who answers at the desk: accounts, roles, teams, sign-in, presence."""
