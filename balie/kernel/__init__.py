"""Words everybody may use: errors, money, time. Imports nothing of ours."""
