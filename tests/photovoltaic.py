"""自然人户用光伏 as a province would add it: two files of its own, laid over the shipped release. No line of the
program knows of it. What is remembered only is 待核验, as in the catalogue itself.
"""

from __future__ import annotations

from test_releases import release

from desktop.catalog.files import Files
from desktop.catalog.release import FOLDER

KIND, PAD = "photovoltaic_home", "42"
PROCESS = """
like = "resident_new"
id = "photovoltaic_home"
name = "自然人户用光伏并网"
short = "户用光伏"
group = "新能源"
pad = "42"
customer_class = "低压居民"
contract_kind = "photovoltaic"
basis = "分布式光伏并网流程：并网申请、接入系统方案答复、并网验收与调试、签订合同、并网（各地公开流程）"
effective = "2026-11-01"
verified = false
also_fields = ["own_generator_kw", "own_interlock"]
also_required_fields = ["own_generator_kw"]

[drop]
rule = ["R81"]     # its capacity is what the panels make, not what is drawn
limit = ["全过程", "装表接电", "供电方案答复", "竣工检验"]
stage = ["S01", "S03", "S04", "S12", "S13", "S14", "S15", "S16"]

[[stage]]
id = "S01"
name = "并网申请"

[[stage]]
id = "S03"
name = "接入勘查"
optional = false
needs = ["S01"]

[[stage]]
id = "S04"
name = "接入系统方案答复"
needs = ["S03"]
fields = ["@居民方案"]
required = ["scheme_capacity_kw", "metering_point", "price_class"]

[[stage]]
id = "S08"
name = "光伏设施施工"
needs = ["S04"]

[[stage]]
id = "S11"
name = "并网验收与调试"
needs = ["S08"]

[[stage]]
id = "S12"
name = "光伏发用电合同"
needs = ["S04"]
done_by = "done"
fields = ["contract_signed_on", "contract_number", "contract_from", "contract_until", "renewal_mode", "note"]
required = ["contract_signed_on"]

[[stage]]
id = "S13"
needs = ["S11", "S12"]

[[stage]]
id = "S14"
name = "并网"
needs = ["S11", "S12", "S13"]

[[stage]]
id = "S15"
needs = ["S14"]
required = ["yx_account"]

[[limit]]
stages = ["S03", "S04"]
label = "接入系统方案答复"
days = 20
measure = "环节"
basis = "分布式光伏并网流程：10 千伏及以下接入系统方案 20 个工作日（各地公开流程）"
effective = "2026-11-01"
verified = false

[[limit]]
stages = ["S11"]
label = "并网验收与调试"
days = 10
measure = "环节"
basis = "分布式光伏并网流程：申请后 10 个工作日内验收调试（各地公开流程）"
effective = "2026-11-01"
verified = false

[[limit]]
stages = []
label = "各环节合计"
days = 31
measure = "环节合计"
basis = "受理 1、方案答复 20、验收调试 10 之和（推算）"
effective = "2026-11-01"
verified = false

[[material]]
code = "G01"
name = "组件和逆变器参数、检测报告"
demand = "必备"
stage = "S11"
supplied_by = "用电人"
basis = "分布式光伏并网资料（通行要求）"
effective = "2026-11-01"
verified = false

[[rule]]
check = "number"
field = "own_generator_kw"
most = 50
sentence = "装机 {number} kW 超过 {most} kW：请核对是否按自然人户用办理"
blocks = false
basis = "自然人户用光伏的规模（建议值）"
effective = "2026-11-01"
verified = false
"""
CONTRACT = """
[[kind]]
id = "photovoltaic"
name = "光伏发用电"
title = "分布式光伏发用电合同"
code = "GF"
unit = "kW"
cap_years = 10
template = ""
renewal = "不定期"
objection_days = 0
basis = "分布式光伏发用电合同期限由双方约定（待核）"
effective = "2026-11-01"
verified = false
"""


def files() -> dict[str, str]:
    """Its files by name."""
    contracts = Files.of_folder(FOLDER).texts["contracts.toml"]
    return {f"processes/{KIND}.toml": PROCESS, "contracts.toml": contracts + CONTRACT}


def photovoltaic() -> bytes:
    """The release file."""
    return release("QH-PV", "2026-11-23", **files())
