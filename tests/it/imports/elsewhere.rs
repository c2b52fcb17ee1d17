//! Findings that no one bad ledger shows beside all others, and the tests that show them.

use wangjia::ledger::finding::FindingCode;

/// Codes that this workbook cannot show beside the others, and where they are shown instead.
pub const ELSEWHERE: &[(FindingCode, &str)] = &[
    (FindingCode::CellError, "ledger::findings::formula_errors_count_as_empty"),
    (FindingCode::FormulaUnvalued, "ledger::shapes::a_formula_nobody_worked_out_is_said"),
    (FindingCode::HouseholdUnread, "ledger::homes::rows_below_an_unread_head_belong_to_nobody"),
    (FindingCode::HouseholdCodeShared, "ledger::homes::one_code_in_two_buildings_is_asked_about"),
    (FindingCode::HouseholdRowsMerged, "ledger::homes::merged_rows_of_a_list_of_households_are_asked_about"),
    (FindingCode::PersonInTwoSheets, "ledger::homes::one_person_on_two_sheets"),
    (FindingCode::DittoRepeated, "ledger::homes::as_above_is_what_stands_above"),
    (FindingCode::DittoUnread, "ledger::homes::as_above_is_what_stands_above"),
    (FindingCode::CodeAsNumber, "ledger::homes::codes_that_are_none_join_nobody"),
    (FindingCode::QuoteOpen, "ledger::writing::a_quotation_mark_without_a_partner_swallows_no_rows"),
    (FindingCode::SheetWithoutRows, "ledger::writing::a_file_of_separators_holds_nothing_and_says_so"),
    (FindingCode::IdAgeDiffers, "ledger::jobs::an_age_that_contradicts_the_number_is_said"),
    (FindingCode::JobMissing, "ledger::jobs::a_list_of_jobs_holds_people_without_one"),
    (FindingCode::JobUnclear, "ledger::jobs::what_is_said_of_a_job_beside_its_status_is_kept"),
    (FindingCode::ContractStartMissing, "ledger::jobs::what_is_said_of_a_job_beside_its_status_is_kept"),
    (FindingCode::CellsMerged, "ledger::shapes::merged_cells_of_the_household_speak_for_every_row"),
    (FindingCode::DeathToConfirm, "imports::proposals::what_changed_is_proposed_once_and_done_when_accepted"),
    (FindingCode::MemberMissing, "imports::proposals::what_changed_is_proposed_once_and_done_when_accepted"),
    (FindingCode::SheetKindUnknown, "pages::admin::columns::a_table_of_no_known_kind_is_told_what_it_is"),
    (FindingCode::SheetHidden, "ledger::shapes::what_is_hidden_is_read_and_said"),
    (FindingCode::ColumnsHidden, "ledger::shapes::what_is_hidden_is_read_and_said"),
    (FindingCode::RowsHidden, "ledger::shapes::what_is_hidden_is_read_and_said"),
    (FindingCode::RowsBlank, "ledger::shapes::sums_and_blank_rows_are_passed_over_and_said"),
    (FindingCode::FileMisnamed, "ledger::files::a_wrong_extension_is_told_and_read"),
    (FindingCode::PostingOtherEmployer, "imports::posting_law::a_job_is_linked_by_code_as_by_title"),
    (FindingCode::PostingIsDraft, "imports::posting_law::a_job_is_linked_by_code_as_by_title"),
    (FindingCode::PostingCodeTaken, "imports::posting_law::a_code_of_another_employer_is_an_error"),
    (FindingCode::PostingTitleAmbiguous, "imports::posting_law::several_postings_of_one_title_are_not_guessed"),
    (FindingCode::ApprovalUnreadable, "imports::posting_law::an_approval_is_a_number"),
    (FindingCode::PostingAllowed, "imports::posting_law::an_approval_is_a_number"),
    (FindingCode::AgeOfOneSex, "ledger::advertisements::ages_by_sex_are_told"),
    (FindingCode::PostingKeptDraft, "imports::posting_law::a_draft_kept_back_stays_one"),
];
