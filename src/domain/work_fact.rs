//! What of a job its employer may put right, in the words of the events.

use super::codes::code_list;

code_list! {
    /// The code is the column an event tells.
    WorkFact {
        Start = "start_on", "上岗日期", "first day";
        End = "end_on", "离岗日期", "first day out";
        Pay = "monthly_income", "月收入", "pay a month";
        Contract = "contract_until", "合同到期", "contract until";
        PartTime = "part_time", "非全日制", "part-time";
    }
}
