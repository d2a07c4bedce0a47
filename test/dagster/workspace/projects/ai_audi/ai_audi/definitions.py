from ai_core.core_defs import build_core_defs
from dagster import Definitions, define_asset_job, load_asset_checks_from_modules, load_assets_from_modules

from ai_audi import jobs, io
from ai_audi.assets import catalog, feeds, prices, stock, ways_to_fail

MODULES = [prices, catalog, stock, feeds, ways_to_fail]

nightly_prices = define_asset_job("nightly_prices", selection=[prices.prices])

defs = Definitions.merge(
    Definitions(
        assets=load_assets_from_modules(MODULES),
        asset_checks=load_asset_checks_from_modules(MODULES),
        jobs=[nightly_prices, *jobs.ALL],
        resources={"broken_read": io.BrokenReadIOManager(), "broken_write": io.BrokenWriteIOManager()},
    ),
    build_core_defs(),
)
