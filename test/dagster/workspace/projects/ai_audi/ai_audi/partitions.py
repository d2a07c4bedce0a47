from dagster import DailyPartitionsDefinition, MultiPartitionsDefinition, StaticPartitionsDefinition

DAYS = DailyPartitionsDefinition(start_date="2026-04-01")
DAYS_AND_MARKETS = MultiPartitionsDefinition(
    {"date": DAYS, "market": StaticPartitionsDefinition(["de", "fr", "it"])}
)
