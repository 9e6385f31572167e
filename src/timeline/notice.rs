//! Notices: what the law says that a letter about a decision must tell.

use serde::{Deserialize, Serialize};

/// A statutory letter and the contents the law requires of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub id: String,
    pub label: String,
    pub basis: String,
    pub contents: Vec<NoticeContent>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoticeContent {
    Decision,
    Reasons,
    AppealRight,
    AppealTimeLimit,
    Mediation,
    DisagreementResolution,
    AdviceAndInformation,
    DraftPlan,
    FinalPlan,
    RightToRepresentations,
    RightToRequestSetting,
    ProposedAmendments,
    ReviewReport,
    TransferDetails,
}

impl NoticeContent {
    pub const ALL: [NoticeContent; 14] = [
        NoticeContent::Decision,
        NoticeContent::Reasons,
        NoticeContent::AppealRight,
        NoticeContent::AppealTimeLimit,
        NoticeContent::Mediation,
        NoticeContent::DisagreementResolution,
        NoticeContent::AdviceAndInformation,
        NoticeContent::DraftPlan,
        NoticeContent::FinalPlan,
        NoticeContent::RightToRepresentations,
        NoticeContent::RightToRequestSetting,
        NoticeContent::ProposedAmendments,
        NoticeContent::ReviewReport,
        NoticeContent::TransferDetails,
    ];

    /// What the notice says, as a caseworker would confirm it.
    pub fn label(self) -> &'static str {
        match self {
            NoticeContent::Decision => "the decision",
            NoticeContent::Reasons => "the reasons for it",
            NoticeContent::AppealRight => "the right to appeal to the First-tier Tribunal",
            NoticeContent::AppealTimeLimit => "the last date for an appeal",
            NoticeContent::Mediation => "mediation, and how to reach the mediation adviser",
            NoticeContent::DisagreementResolution => "disagreement resolution",
            NoticeContent::AdviceAndInformation => "where to find advice and information",
            NoticeContent::DraftPlan => "the draft plan",
            NoticeContent::FinalPlan => "the final plan",
            NoticeContent::RightToRepresentations => "the right to comment, and by when",
            NoticeContent::RightToRequestSetting => "the right to ask for a particular setting",
            NoticeContent::ProposedAmendments => "the amendments that are proposed, with the evidence for them",
            NoticeContent::ReviewReport => "the report of the review meeting",
            NoticeContent::TransferDetails => {
                "that the plan was transferred, whether a new assessment is proposed, and the next review"
            }
        }
    }
}
