"""The columns of the lists that a form asks for line by line: equipment, sources, transformers, meters, defects.

`field.py` says which field is which list.
"""

from __future__ import annotations

from desktop.domain.choice import METERING_MODES, VOLTAGES
from desktop.domain.kind import Column as C

LOAD_COLUMNS = (
    C("name", "设备名称", "text", sample="冷库压缩机"), C("type", "类型", "text", sample="动力"),
    C("count", "数量", "integer", "台", sample="2"), C("unit_kw", "单台容量", "number", "kW", sample="40"),
    C("total_kw", "合计容量", "number", "kW", sample="80"),
    C("voltage", "电压", "choice", choices=VOLTAGES, sample="380V"),
    C("phases", "相数", "choice", choices=("单相", "三相"), sample="三相"),
)
SURVEY_COLUMNS = (
    C("item", "编号", "code", sample="V01"), C("question", "勘查项目", "text", sample="用电地址与申请一致"),
    C("answer", "结论", "choice", choices=("符合", "不符合", "不涉及"), sample="符合"),
    C("note", "情况", "text", sample=""), C("photo", "照片", "text", sample=""),
)
METER_COLUMNS = (
    C("point", "计量点", "text", sample="2#计量点"),
    C("mode", "方式", "choice", choices=METERING_MODES, sample="低供低计"),
    C("spec", "表计型号规格", "text", sample="三相四线 1.5(6)A"),
    C("accuracy", "精度", "code", sample="0.5S"),
    C("ct_ratio", "电流互感器", "code", sample="400/5"), C("pt_ratio", "电压互感器", "code", sample=""),
    C("multiplier", "倍率", "number", sample="80"), C("purpose", "用途", "text", sample="照明分表"),
)
SOURCE_COLUMNS = (
    C("number", "电源", "text", sample="电源一"),
    C("nature", "性质", "choice", choices=("主供", "备用", "保安"), sample="主供"),
    C("station", "变电站", "text", sample="110kV 恰卜恰变"),
    C("line", "线路", "text", sample="10kV 青海湖路线"),
    C("voltage", "电压", "choice", choices=VOLTAGES, sample="10kV"),
    C("pole", "出口开关或杆号", "text", sample="27 号杆"),
    C("kva", "容量", "number", "kVA", sample="800"),
    C("line_kind", "公线或专线", "choice", choices=("公线", "专线"), sample="公线"),
    C("laying", "进线", "choice", choices=("架空", "电缆", "混合"), sample="电缆"),
)
TRANSFORMER_COLUMNS = (
    C("point", "受电点", "text", sample="1#配电室"), C("model", "型号", "text", sample="SCB14-400/10"),
    C("count", "台数", "integer", "台", sample="2", least="1"),
    C("kva", "单台容量", "number", "kVA", sample="400", least="1"),
    C("state", "运行状态", "choice", choices=("运行", "热备用", "冷备用"), sample="运行"),
)
MOUNTING_COLUMNS = (
    C("act", "装或拆", "choice", choices=("装", "拆")), C("point", "计量点", "text"), C("number", "表号", "code"),
    C("reading", "示数", "number", "kWh"), C("spec", "型号规格", "text"), C("accuracy", "精度", "code"),
    C("ct_ratio", "电流互感器", "code"), C("pt_ratio", "电压互感器", "code"), C("multiplier", "综合倍率", "number"),
    C("seal", "封印", "code"),
)
DEFECT_COLUMNS = (
    C("item", "缺陷", "text", sample="进线电缆没有标识"), C("remedy", "整改要求", "text", sample="按图悬挂标识牌"),
    C("responsible", "责任单位（人）", "text", sample="示例电力工程有限公司"),
    C("due_on", "整改期限", "date", sample="2026-12-10"),
)
SUPPLEMENT_COLUMNS = (
    C("number", "协议编号", "code", sample=""), C("signed", "签订日期", "date", sample=""),
    C("matter", "变更或补充事项", "text", sample=""),
)
