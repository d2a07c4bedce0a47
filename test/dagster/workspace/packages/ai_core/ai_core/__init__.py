"""What every OEM project of the platform shares: monitoring, drills."""
