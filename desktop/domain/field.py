"""The dictionary of everything a form asks and a paper prints: one row per field.

Forms, checks, contract texts, imports and demonstration data all read it; `kind.py` tells what each kind
takes. Every row has a synthetic sample, so that a generic test can fill every form and print every paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from desktop.domain import identity
from desktop.domain.choice import METERING_MODES, VOLTAGES
from desktop.domain.kind import Answers as Answers
from desktop.domain.kind import Column as Column
from desktop.domain.kind import Field as Field
from desktop.domain.kind import Rows as Rows
from desktop.domain.kind import Value as Value
from desktop.domain.kind import fault, shown, tidied
from desktop.domain.list_column import (
    DEFECT_COLUMNS,
    LOAD_COLUMNS,
    METER_COLUMNS,
    MOUNTING_COLUMNS,
    SOURCE_COLUMNS,
    SUPPLEMENT_COLUMNS,
    SURVEY_COLUMNS,
    TRANSFORMER_COLUMNS,
)

F = Field
YES_NO = ("是", "否")
SERVICE = (identity.SERVICE,)
RATIO = r"[1-9]\d{0,5}/[1-9]\d{0,3}"
RATIO_HINT = "按“一次/二次”填写，如 150/5"

_GROUPS: Mapping[str, tuple[Field, ...]] = {
    "客户": (
        F("customer_name", "户名", "name", sample="共和县措温波藏毯加工有限公司", max_length=100),
        F("customer_id_kind", "证件类型", "choice", choices=identity.ID_KINDS, sample="营业执照"),
        F("customer_id", "证件号码", "id", masked=True, sample="91632521MA00000A9H"),
        F("legal_person", "法定代表人（负责人）", "name", sample="才让多杰", max_length=60),
        F("legal_person_id", "法定代表人证件号码", "id", masked=True, sample="11010519491231002X"),
        F("customer_phone", "联系电话", "phone", masked=True, sample="13800001234"),
        F("customer_fax", "传真", "phone", sample="0974-8000001"),
        F("contact_name", "联系人", "name", sample="马海英", max_length=60),
        F("contact_phone", "联系人电话", "phone", masked=True, sample="13900005678"),
        F("customer_address", "法定（通讯）地址", "text",
          sample="青海省海南藏族自治州共和县恰卜恰镇团结北路 88 号"),
        F("postcode", "邮政编码", "code", sample="813000", pattern=r"\d{6}", hint="6 位数字"),
        F("customer_email", "电子邮箱", "code", sample="office@example.cn",
          pattern=r"[^@\s]+@[^@\s]+\.[^@\s]+",
          hint="形如 name@example.cn"),
        F("bank_name", "开户银行", "text", sample="示例银行共和县支行"),
        F("bank_account", "银行账号", "code", masked=True, sample="6300000000000000019", pattern=r"[\d\-]{6,32}",
          hint="6 至 32 位数字"),
        F("tax_number", "税号", "code", masked=True, sample="91632521MA00000A9H", pattern=r"[0-9A-Z]{15,20}",
          hint="15 至 20 位数字或大写字母"),
        F("ownership_kind", "产权证明类型", "choice", sample="不动产权证书",
          choices=("不动产权证书", "房屋所有权证", "土地使用权证", "购房合同", "宅基地证", "租赁协议及产权证明",
                   "法院判决文书", "村（居）委会或乡镇证明", "其他")),
        F("ownership_number", "产权证明编号", "code", sample="青(2024)共和县不动产权第0000001号"),
        F("owner_name", "产权人", "name", sample="共和县措温波藏毯加工有限公司", max_length=100),
        F("small_business", "小微企业", "choice", choices=YES_NO, sample="是"),
    ),
    "经办人": (
        F("agent_name", "授权代理人", "name", sample="马海英", max_length=60),
        F("agent_id", "代理人证件号码", "id", masked=True, sample="11010519491231002X"),
        F("agent_phone", "代理人电话", "phone", masked=True, sample="13900005678"),
        F("poa_number", "授权委托书编号", "code", sample="SQ-2026-001"),
        F("poa_matter", "委托事项", "text", sample="办理用电申请及后续手续"),
        F("poa_scope", "委托权限", "text", sample="代为提交资料、签收供电方案、签订供用电合同"),
        F("poa_from", "委托起始日", "date", sample="2026-11-01"),
        F("poa_until", "委托截止日", "date", sample="2027-10-31"),
        F("poa_signed", "被代理人签章", "choice", choices=("签名", "盖章", "签名并盖章"), sample="签名并盖章"),
    ),
    "用电需求": (
        F("usage_address", "用电地址", "text", sample="青海省海南藏族自治州共和县恰卜恰镇绿洲南路 16 号"),
        F("usage_nature", "用电性质", "choice", choices=("工商业", "农业生产", "居民生活"), sample="工商业"),
        F("industry", "行业分类", "text", sample="地毯、挂毯制造"),
        F("industry_code", "行业代码", "code", sample="C2437", pattern=r"[A-T]?[A-Z]?\d{2,4}",
          hint="如 C2437"),
        F("capacity_kw", "申请容量", "number", "kW", sample="80", least="0.1"),
        F("capacity_kva", "申请容量", "number", "kVA", sample="800", least="1"),
        F("voltage", "供电电压", "choice", choices=VOLTAGES, sample="380V"),
        F("phases", "相数", "choice", choices=("三相", "单相"), sample="三相"),
        F("shift", "生产班次", "choice", choices=("单班", "二班", "三班", "连续"), sample="单班"),
        F("rest_day", "周休日", "text", sample="周日", max_length=30),
        F("important_level", "重要等级", "choice", choices=("非重要", "二级", "一级", "特级", "临时性"),
          sample="非重要"),
        F("load_grade", "负荷等级", "choice", choices=("三级", "二级", "一级"), sample="三级"),
        F("load_timing", "负荷时间特性", "text", sample="日间集中，全年均衡"),
        F("special_load", "特殊负荷", "choice", choices=("无", "谐波", "冲击", "不对称"), sample="无"),
        F("high_energy", "两高项目", "choice", choices=YES_NO, sample="否", hint="高耗能、高排放项目"),
        F("temporary_kind", "临时用电方式", "choice", choices=("装表临时", "无表临时"), sample="装表临时"),
        F("temporary_purpose", "临时用电用途", "text", sample="绿洲南路供水管网改造施工", max_length=100),
        F("temporary_until", "临时用电截止日", "date", sample="2027-06-30"),
        F("parking_place", "车位位置", "text", sample="绿洲小区地下一层 B012 号", max_length=100),
        F("pile_model", "充电桩型号", "text", sample="交流 7kW 单相 32A", max_length=60),
        F("transfer_supply", "转供标志", "choice", choices=("无", "转供户", "被转供户"), sample="无"),
        F("demand_factor", "同时系数", "number", sample="1", least="0.1", most="1"),
        F("monthly_kwh", "预计月用电量", "number", "kWh", sample="12000"),
        F("wanted_on", "希望用电日期", "date", sample="2026-12-10"),
        F("wanted_done_on", "希望办理日期", "date", sample="2026-12-10"),
        F("channel", "受理渠道", "choice", choices=("营业厅", "网上国网", "95598", "政务窗口"),
          sample="营业厅"),
        F("visits", "跑动次数", "integer", "次", sample="1", most="99"),
        F("loads", "用电设备清单", "rows", columns=LOAD_COLUMNS),
        F("note", "备注", "note", max_length=500),
    ),
    "变更用电": (
        F("change_reason", "变更原因", "text", sample="生产计划调整，部分设备停用", max_length=200),
        F("old_name", "原户名", "name", sample="共和县措温波藏毯加工有限公司", max_length=100),
        F("new_name", "新户名", "name", sample="共和县措温波民族地毯有限公司", max_length=100),
        F("name_proof", "名称变更证明", "text", sample="市场监管部门准予变更登记通知书", max_length=100),
        F("identity_check", "实名核验方式", "choice", choices=("核对原件", "联网核验", "读卡"), sample="核对原件"),
        F("arrears", "电费结清情况", "choice", choices=("已结清", "已达成清偿协议", "有欠费"), sample="已结清"),
        F("arrears_by", "电费核查人", "name", sample="李建军", max_length=60),
        F("arrears_on", "电费核查日期", "date", sample="2026-11-23"),
        F("hold_equipment", "停用设备", "text", sample="2#主变压器 SCB14-400/10"),
        F("hold_kva", "停用容量", "number", "kVA", sample="400", least="1"),
        F("hold_from", "停用起始日期", "date", sample="2026-12-01", hint="约定的加封日期；停用自实际加封之日起计"),
        F("hold_until", "停用截止日期", "date", sample="2026-12-31", hint="停用的最后一天"),
        F("reduction", "减容方式", "choice", choices=("非永久性", "永久性"), sample="非永久性"),
        F("restore_kva", "恢复容量", "number", "kVA", sample="400", least="1"),
        F("restore_on", "恢复用电日期", "date", sample="2026-12-15"),
        F("new_nature", "改类后用电性质", "choice", choices=("工商业", "农业生产", "居民生活"), sample="农业生产"),
        F("new_price_class", "改类后电价类别", "choice", sample="农业生产",
          choices=("工商业（单一制）", "工商业（两部制）", "农业生产", "居民生活")),
        F("new_metering_point", "移表后安装位置", "text", sample="用户围墙外新建计量箱"),
        F("refund_account", "退费收款账号", "code", masked=True, sample="6300000000000000019", pattern=r"[\d\-]{6,32}",
          hint="6 至 32 位数字"),
        F("sealed_on", "加封日期", "date", sample="2026-12-01"),
        F("sealed_by", "加封人", "name", sample="李建军", max_length=60),
        F("seal_numbers", "设备封印编号", "code", sample="SB000001"),
        F("day_reason", "与申请日期不同的原因", "text", sample="客户要求提前一天停用，当面约定",
          hint="加封、启封的日期与申请的不同时填写"),
        F("unsealed_on", "启封日期", "date", sample="2026-12-15"),
        F("unsealed_by", "启封人", "name", sample="李建军", max_length=60),
        F("final_reading", "表计止度", "number", "kWh", sample="12345"),
        F("reading_on", "过户抄表日期", "date", sample="2026-12-02", hint="双方认可的过户抄表那一天"),
        F("transfer_reading", "过户表计示数", "number", "kWh", sample="12345",
          hint="原户用到这个示数为止，新户从它起；无表用电填 0"),
        F("settled_on", "电费结清日期", "date", sample="2026-12-02"),
        F("settled_by", "结清核对人", "name", sample="李建军", max_length=60),
        F("settled_amount", "结清电费金额", "money", "元", sample="1234.56"),
        F("settled_proof", "结清凭证号", "code", sample="JQ-2026-0001"),
        F("removed_on", "拆表日期", "date", sample="2026-12-02"),
        F("removed_by", "拆表人", "name", sample="李建军", max_length=60),
        F("change_signed_on", "变更文书签署日期", "date", sample="2026-12-01"),
        F("change_signer", "变更文书签署人", "name", sample="才让多杰", max_length=60),
    ),
    "营销系统": (
        F("yx_application", "营销2.0 申请编号", "code", sample="632611220000000001",
          pattern=r"[0-9A-Za-z\-]{6,32}",
          hint="6 至 32 位字母或数字"),
        F("yx_account", "户号", "account", sample="6300000000017"),
        F("yx_contract", "营销2.0 合同编号", "code", sample="YX-2026-000001"),
    ),
    "供电方案": (
        F("scheme_number", "方案编号", "code", sample="FA-2026-0001"),
        F("scheme_source", "变电站（电源点）", "text", sample="110kV 恰卜恰变电站"),
        F("scheme_line", "供电线路", "text", sample="10kV 绿洲路线"),
        F("scheme_pole", "接入杆号（出口）", "text", sample="15 号杆"),
        F("scheme_transformer", "公用变压器", "text", sample="绿洲南路 3 号公变"),
        F("scheme_capacity_kw", "核定容量", "number", "kW", sample="80", least="0.1"),
        F("scheme_capacity_kva", "受电总容量", "number", "kVA", sample="800", least="1"),
        F("running_capacity_kva", "运行容量", "number", "kVA", sample="800"),
        F("voltage_reason", "选用较高电压的理由", "text", sample="附近没有可用的低一级电源"),
        F("scheme_laying", "进线方式", "choice", choices=("电缆", "架空", "架空和电缆混合"), sample="电缆"),
        F("customer_works", "客户受电工程", "choice", choices=("有", "无"), sample="无",
          hint="有：客户自行设计施工的时间不计入供电企业时限"),
        F("concealed_works", "隐蔽工程", "choice", choices=("有", "无"), sample="无",
          hint="有：覆盖之前须中间检查"),
        F("receiving_points", "受电点数", "integer", "个", sample="1", least="1", most="99"),
        F("receiving_kind", "受电点类型", "choice", sample="变电站",
          choices=("台架", "箱变", "变电站", "计量柜", "环网柜")),
        F("transformers", "受电变压器", "rows", columns=TRANSFORMER_COLUMNS),
        F("hv_motor_kw", "高压电动机容量", "number", "kW", sample="0"),
        F("source_kind", "电源类型", "choice", sample="单电源单回路",
          choices=("单电源单回路", "单电源双回路", "双电源同站", "双电源异站")),
        F("sources", "供电电源", "rows", columns=SOURCE_COLUMNS),
        F("source_link", "多电源联络方式", "text", sample="高压侧不联络，低压侧设母联"),
        F("source_interlock", "多电源闭锁方式", "choice", choices=("机械和电气", "机械", "电气"),
          sample="机械和电气"),
        F("source_switch", "多电源切换方式", "choice", choices=("手动", "自动"), sample="手动"),
        F("backup_source", "备用电源", "text", sample="绿洲南路 4 号公变"),
        F("backup_capacity_kw", "备用电源容量", "number", "kW", sample="30"),
        F("own_generator", "自备应急电源", "text", sample="柴油发电机 1 台，置于配电室北侧"),
        F("own_generator_kw", "自备电源容量", "number", "kW", sample="120"),
        F("ups_kva", "不间断电源容量", "number", "kVA", sample="20"),
        F("own_interlock", "自备电源闭锁方式", "choice", choices=("机械", "电磁", "电子", "机械和电气"),
          sample="机械"),
        F("emergency_load_kw", "保安负荷", "number", "kW", sample="60"),
        F("nonelectric_measures", "非电性质保安措施", "text", sample="储水池自流冷却、人工盘车"),
        F("reactive_kvar", "无功补偿容量", "number", "kvar", sample="240"),
        F("reactive_switching", "无功补偿投切方式", "text", sample="低压侧集中补偿，自动投切", max_length=60),
        F("power_factor_target", "目标功率因数", "number", sample="0.95", least="0.5", most="1"),
        F("boundary_point", "产权分界点", "text", sample="计量箱内用户侧出线开关下桩头", max_length=300),
        F("boundary_drawing", "接线及分界图号", "code", sample="JXT-01"),
        F("scheme_replied_on", "方案答复日期", "date", sample="2026-11-26"),
        F("scheme_valid_until", "方案有效期至", "date", sample="2027-02-20"),
        F("scheme_attachments", "方案附件", "text", sample="错峰用电方案、节能审查意见",
          hint="高耗能行业须附错峰用电方案和节能审查意见"),
        F("scheme_receiver", "方案签收人", "name", sample="马海英", max_length=60),
    ),
    "计量": (
        F("metering_mode", "计量方式", "choice", choices=METERING_MODES, sample="低供低计"),
        F("metering_point", "计量装置安装位置", "text", sample="用户围墙外计量箱"),
        F("meter_spec", "电能表规格", "text", sample="三相四线 3×1.5(6)A 3×220/380V"),
        F("meter_accuracy", "电能表精度", "code", sample="1.0"),
        F("ct_ratio", "电流互感器变比", "code", sample="150/5", pattern=RATIO, hint=RATIO_HINT),
        F("ct_accuracy", "电流互感器精度", "code", sample="0.5S"),
        F("pt_ratio", "电压互感器变比", "code", sample="10000/100", pattern=RATIO, hint=RATIO_HINT),
        F("pt_accuracy", "电压互感器精度", "code", sample="0.2"),
        F("multiplier", "综合倍率", "number", sample="30", least="1"),
        F("reactive_metering", "无功计量", "text", sample="同一电能表双向计量", max_length=60),
        F("loss_of_voltage", "失压断流记录", "text", sample="由电能表自动记录", max_length=60),
        F("terminal", "用电信息采集终端", "text", sample="计量箱内采集终端"),
        F("meters", "其他计量点", "rows", columns=METER_COLUMNS),
        F("reading_day", "抄表例日", "integer", "日", sample="1", least="1", most="31"),
        F("reading_cycle", "抄表周期", "choice", choices=("每月", "每两月"), sample="每月"),
        F("reading_way", "抄表方式", "choice", choices=("远程自动采集", "现场抄录"), sample="远程自动采集"),
        F("transformer_loss", "变压器损耗计算", "text", sample="按变压器型号和运行容量查表计算"),
        F("line_loss", "线路损耗计算", "text", sample="不计"),
        F("fixed_ratio", "定比", "text", sample="照明用电占 10%"),
        F("fixed_quantity", "定量", "text", sample="路灯每月 200 千瓦时"),
        F("refund_basis", "计量失准退补依据", "text", sample="《供电营业规则》关于计量失准退补的规定"),
        F("meter_number", "电能表表号", "code", sample="6300000000000000000001"),
        F("ct_numbers", "电流互感器编号", "text", sample="CT20260001、CT20260002", max_length=120),
        F("pt_numbers", "电压互感器编号", "text", sample="PT20260001、PT20260002", max_length=120),
        F("meter_reading", "表计起度", "number", "kWh", sample="0"),
        F("meter_seal", "封印编号", "code", sample="FY000001"),
    ),
    "受电工程": (
        F("designer_name", "设计单位", "text", sample="示例电力设计有限公司", max_length=100),
        F("designer_licence", "设计资质证书编号", "code", sample="A163000001"),
        F("designer_level", "设计资质等级", "choice", choices=("甲级", "乙级", "丙级"), sample="丙级"),
        F("designer_until", "设计资质有效期至", "date", sample="2029-12-31"),
        F("builder_name", "施工单位", "text", sample="示例电力工程有限公司", max_length=100),
        F("builder_licence", "承装（修、试）许可证编号", "code", sample="5-5-00001-2024"),
        F("builder_level", "许可等级", "choice", choices=("一级", "二级", "三级", "四级", "五级"), sample="五级"),
        F("builder_scope", "许可类别", "choice", choices=("承装", "承试", "承装、承试", "承装、承修、承试"),
          sample="承装、承修、承试"),
        F("builder_until", "许可证有效期至", "date", sample="2029-12-31"),
        F("submitted_by", "报送人", "name", sample="马海英", max_length=60),
        F("submitted_papers", "报送资料", "note", max_length=500,
          sample="竣工图及说明、隐蔽工程记录、电气试验及保护整定报告"),
    ),
    "勘查检验送电": (
        F("review_on", "审查日期", "date", sample="2026-11-30"),
        F("review_by", "审查人", "name", sample="李建军", max_length=60),
        F("review_result", "审查结论", "choice", choices=("合格", "不合格"), sample="合格"),
        F("review_defects", "审查意见", "note", max_length=500),
        F("midcheck_on", "中间检查日期", "date", sample="2026-12-01"),
        F("midcheck_by", "中间检查人", "name", sample="李建军", max_length=60),
        F("midcheck_result", "中间检查结论", "choice", choices=("合格", "不合格"), sample="合格"),
        F("midcheck_defects", "中间检查缺陷", "note", max_length=500),
        F("visited_on", "回访日期", "date", sample="2026-12-04"),
        F("visited_by", "回访人", "name", sample="周文", max_length=60),
        F("satisfaction", "满意度", "choice", choices=("非常满意", "满意", "一般", "不满意", "未接通"), sample="满意"),
        F("survey_on", "勘查日期", "date", sample="2026-11-24"),
        F("survey_by", "勘查人", "name", sample="李建军", max_length=60),
        F("survey_ready", "勘查结果", "choice", choices=("具备供电条件", "不具备供电条件"), sample="具备供电条件"),
        F("survey_items", "勘查清单", "rows", columns=SURVEY_COLUMNS),
        F("survey_loads", "现场设备清单（与申请不一致时填写）", "rows", columns=LOAD_COLUMNS),
        F("survey_result", "勘查结论", "note", sample="具备供电条件", max_length=500),
        F("inspected_on", "检验日期", "date", sample="2026-12-01"),
        F("inspected_by", "检验人", "name", sample="李建军", max_length=60),
        F("inspection_result", "检验结论", "choice", choices=("合格", "不合格"), sample="合格"),
        F("inspection_defects", "缺陷和整改要求", "note", max_length=500),
        F("reviewed_by", "参加审查（检查）的专业和人员", "text", sample="营销李建军、运检王海、计量周文"),
        F("review_opinion", "审查（检查）意见", "note", sample="受电装置符合规程要求", max_length=500),
        F("defects", "缺陷", "rows", columns=DEFECT_COLUMNS),
        F("mountings", "另装、拆下的电能表", "rows", columns=MOUNTING_COLUMNS),
        F("installed_on", "装表日期", "date", sample="2026-12-02"),
        F("installed_by", "装表人", "name", sample="李建军", max_length=60),
        F("energised_on", "送电日期", "date", sample="2026-12-02"),
        F("energised_by", "送电人", "name", sample="李建军", max_length=60),
        F("archive_number", "档案号", "code", sample="DA-2026-0001"),
        F("archive_box", "档案盒号", "code", sample="H-012"),
        F("left_undone", "未办环节的说明", "text", sample="答复方案时已到现场核对，未另填勘查单；无业务费"),
        F("ended_reason", "终止原因", "choice", sample="客户撤销", choices=("客户撤销", "不予受理", "其他")),
        F("paused_reason", "暂停原因", "choice", sample="客户补资料",
          choices=("客户补资料", "客户设计施工", "客户缴费", "客户整改", "客户要求暂缓", "政府审批",
                   "掘路、占道审批", "青苗赔偿", "外部阻工", "不可抗力")),
    ),
    "电价结算": (
        F("price_class", "电价类别", "choice", sample="工商业（单一制）",
          choices=("工商业（单一制）", "工商业（两部制）", "农业生产", "居民生活")),
        F("time_of_use", "分时电价", "choice", choices=("执行", "不执行"), sample="执行"),
        F("power_factor_standard", "功率因数考核标准", "choice", choices=("0.90", "0.85", "0.80", "不考核"),
          sample="0.85"),
        F("basic_charge", "容（需）量电费计收方式", "choice", sample="不执行",
          choices=("不执行", "按变压器容量", "按合同最大需量", "按实际最大需量")),
        F("contract_demand_kw", "合同最大需量", "number", "kW", sample="600"),
        F("market_mode", "购电方式", "choice", sample="电网企业代理购电",
          choices=("电网企业代理购电", "直接参与市场交易", "执行目录电价")),
        F("settlement_mode", "结算方式", "choice", choices=("抄表后结算", "分次结算", "预付电费"),
          sample="抄表后结算"),
        F("settlement_times", "每月结算次数", "integer", "次", sample="1", least="1", most="10"),
        F("settlement_dates", "分次结算日期和比例", "text", sample="每月 10 日、20 日各预结上月电费的 30%"),
        F("payment_days", "交费期限", "integer", "日", sample="10", least="1", most="60"),
        F("payment_way", "交费方式", "choice", sample="银行转账",
          choices=("银行转账", "银行代扣", "网上交费", "营业厅交费")),
        F("prepaid_amount", "预付电费金额", "money", "元", sample="5000.00"),
        F("invoice_kind", "电费票据", "choice", choices=("增值税普通发票", "增值税专用发票", "收据"),
          sample="增值税普通发票"),
        F("dunning_way", "催费方式", "choice", choices=("短信", "书面通知单", "电话"), sample="短信"),
    ),
    "供电人": (
        F("supplier_name", "供电人名称", "text", sample="示例供电公司共和县供电分公司", max_length=100),
        F("supplier_code", "统一社会信用代码", "id", choices=("统一社会信用代码",),
          sample="91630000MA00000B7C"),
        F("supplier_address", "法定地址", "text",
          sample="青海省海南藏族自治州共和县恰卜恰镇青海湖南大街 1 号"),
        F("supplier_legal_person", "法定代表人（负责人）", "name", sample="张明", max_length=60),
        F("supplier_agent", "授权代理人", "name", sample="周文", max_length=60),
        F("supplier_contact", "联系人", "name", sample="周文", max_length=60),
        F("supplier_phone", "联系电话", "phone", choices=SERVICE, sample="0974-8000000"),
        F("supplier_fax", "传真", "phone", sample="0974-8000002"),
        F("supplier_postcode", "邮政编码", "code", sample="813000", pattern=r"\d{6}", hint="6 位数字"),
        F("supplier_bank", "开户银行", "text", sample="示例银行海南州分行"),
        F("supplier_account", "银行账号", "code", sample="6300000000000000027", pattern=r"[\d\-]{6,32}",
          hint="6 至 32 位数字"),
        F("supplier_tax_number", "税号", "code", sample="91630000MA00000B7C", pattern=r"[0-9A-Z]{15,20}",
          hint="15 至 20 位数字或大写字母"),
        F("service_phone", "供电服务热线", "phone", choices=SERVICE, sample="95598"),
        F("hall_name", "营业厅名称", "text", sample="恰卜恰供电营业厅", max_length=60),
    ),
    "合同": (
        F("contract_number", "合同编号", "code", sample="GH-DY-2026-000001", max_length=60),
        F("customer_contract_number", "用电人合同编号", "code", sample="CW-2026-11", max_length=60),
        F("contract_signed_on", "合同签订日期", "date", sample="2026-11-25"),
        F("contract_from", "合同生效日", "date", sample="2026-12-01"),
        F("contract_until", "合同截止日", "date", sample="2029-11-30"),
        F("contract_years", "有效期", "integer", "年", sample="3", least="1", most="30"),
        F("renewal_mode", "续展方式", "choice", sample="自动续展",
          choices=("自动续展", "到期重签", "到期终止", "不定期", "未知")),
        F("objection_days", "续展异议期", "integer", "日", sample="30", least="1", most="365"),
        F("copies_original", "正本份数", "integer", "份", sample="2", least="1", most="20"),
        F("copies_duplicate", "副本份数", "integer", "份", sample="2", most="20"),
        F("sign_place", "签订地点", "text", sample="恰卜恰供电营业厅", max_length=60),
        F("special_terms", "特别约定", "text", sample="用电人的冷库机组错开每日尖峰时段启动",
          max_length=1000),
        F("dispute_way", "争议解决方式", "choice", choices=("提起诉讼", "申请仲裁"), sample="提起诉讼"),
        F("arbitration_body", "仲裁机构", "text"),
        F("delivery_address", "用电人送达地址", "text",
          sample="青海省海南藏族自治州共和县恰卜恰镇团结北路 88 号"),
        F("supplements", "变更和补充协议", "rows", columns=SUPPLEMENT_COLUMNS),
        F("dispatch_use", "调度协议适用情况", "choice", choices=("不适用", "适用"), sample="不适用"),
        F("dispatch_unit", "调度机构", "text", sample="示例县电力调控分中心"),
        F("dispatch_number", "调度编号", "code", sample="绿洲路线15号杆分支开关"),
        F("dispatch_contact", "调度联系人", "name", sample="王海", max_length=60),
        F("dispatch_phone", "调度电话", "phone", sample="0974-8000003"),
        F("dispatch_equipment", "调度管辖设备", "text", sample="10kV 进线开关及其隔离开关"),
    ),
    "履约约定": (
        F("voltage_quality", "电压偏差", "text", sample="以现行国家标准规定的允许偏差为准"),
        F("frequency_quality", "频率偏差", "text", sample="以现行国家标准规定的允许偏差为准"),
        F("harmonic_quality", "谐波限值", "text", sample="以现行国家标准规定的允许值为准"),
        F("supply_time", "供电时间", "text", sample="全日二十四小时连续供电"),
        F("planned_outage_days", "计划检修停电通知期", "integer", "日", sample="7", least="7", most="60"),
        F("urgent_outage_hours", "临时检修停电通知期", "integer", "小时", sample="24", least="24",
          most="240"),
        F("restore_hours", "恢复供电时限", "integer", "小时", sample="24", least="1", most="240"),
        F("dunning_days", "欠费停电宽限期", "integer", "日", sample="30", least="30", most="180"),
        F("stop_notice_days", "停电通知期", "integer", "日", sample="7", least="3", most="30"),
        F("stop_notice_minutes", "停电前再次通知时间", "integer", "分钟", sample="30", least="30",
          most="1440"),
        F("meter_answer_days", "计量异议答复期", "integer", "个工作日", sample="5", least="1", most="60"),
        F("test_period", "预防性试验周期", "text", sample="按现行国家标准和电力行业标准规定的周期"),
        F("change_notice_days", "用电变更申请提前期", "integer", "个工作日", sample="5", least="1",
          most="60"),
        F("notice_days", "重要事项通知期", "integer", "个工作日", sample="5", least="1", most="60"),
        F("demand_notice_days", "需量核定值变更提前期", "integer", "个工作日", sample="5", least="1",
          most="60"),
        F("basic_notice_days", "计收方式变更提前期", "integer", "个工作日", sample="15", least="1",
          most="90"),
        F("termination_days", "合同解除通知期", "integer", "日", sample="30", least="1", most="180"),
        F("suspend_days", "每次暂停最短时间", "integer", "日", sample="15", least="1", most="180"),
        F("suspend_months", "每年暂停累计上限", "integer", "个月", sample="6", least="1", most="12"),
        F("late_fee", "逾期违约金日比例", "number", "‰", sample="2", least="1", most="3",
          hint="《电力供应与使用条例》第三十九条：每日 1‰ 至 3‰"),
        F("late_fee_over", "跨年欠费违约金日比例", "number", "‰", sample="3", least="1", most="3",
          hint="《电力供应与使用条例》第三十九条：每日 1‰ 至 3‰"),
        F("outage_multiple", "运行事故赔偿倍数", "number", "倍", sample="4", least="1", most="10"),
        F("class_multiple", "擅改用电类别违约使用电费倍数", "number", "倍", sample="2", most="5"),
        F("over_multiple", "超容容（需）量电费倍数", "number", "倍", sample="3", most="5"),
        F("over_rate", "超容每千瓦违约使用电费", "money", "元", sample="50.00"),
        F("sealed_multiple", "擅用封停设备容（需）量电费倍数", "number", "倍", sample="2", most="5"),
        F("sealed_rate", "擅用封停设备每千瓦违约使用电费", "money", "元", sample="30.00"),
        F("tamper_fee", "擅动计量装置每次违约使用电费", "money", "元", sample="5000.00"),
        F("source_rate", "擅自引入供出电源每千瓦违约使用电费", "money", "元", sample="500.00"),
        F("theft_multiple", "窃电违约使用电费倍数", "number", "倍", sample="3", most="5"),
    ),
}

FIELDS: Mapping[str, Field] = MappingProxyType(
    {each.name: replace(each, group=group) for group, members in _GROUPS.items() for each in members})


def field(name: str) -> Field:
    """The row of the dictionary; KeyError names a field that is not in it (our bug, never a clerk's)."""
    return FIELDS[name]


def samples(names: tuple[str, ...]) -> dict[str, Value]:
    """A synthetic value for each field that has one; a rows-field gets one row."""
    return {name: value for name in names if (value := _sample(field(name)))}


def _sample(each: Field) -> Value:
    row = {column.name: column.sample for column in each.columns}
    if each.kind == "rows":
        return [row] if any(row.values()) else []
    return each.sample


def tidy(name: str, text: str) -> str:
    """The text as it is kept: outer blanks trimmed; codes in half-width; dates as YYYY-MM-DD.

    Names stay letter for letter. What cannot be understood stays as typed: `check` then says so.
    """
    return tidied(field(name).kind, text)


def check(name: str, value: Value) -> str | None:
    """One sentence of what is wrong and what to do, or None. An empty value is nobody's fault here."""
    return fault(field(name), value)


def told(name: str, fault: str) -> str:
    """A sentence of `check` for a list of many: it says of which field it is."""
    label = field(name).label
    return fault if label in fault else f"{label}：{fault}"


def show(name: str, value: Value, *, masked: bool = False) -> str:
    """The value for paper and screen: dates as 2026年11月22日, money with two decimals, no units.

    masked: hide ID numbers and phones of fields that are so marked. A rows-field shows its number of lines.
    """
    each = field(name)
    if isinstance(value, list):
        return f"{len(value)} 项" if value else ""
    if masked and each.masked:
        return identity.mask_phone(value) if each.kind == "phone" else identity.mask_id(value)
    return shown(each.kind, value)


def show_cell(column: Column, value: str) -> str:
    """A table cell for paper, shown as `show` shows a field of the column's kind."""
    return shown(column.kind, value)
