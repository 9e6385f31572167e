//! Everything that is recorded, by the name it is stored under. A name once used stays.

macro_rules! actions {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($name),* }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$name),*];

            /// The name it is stored under.
            pub fn text(self) -> &'static str {
                match self { $(Action::$name => $text),* }
            }
        }
    };
}

actions! {
    // Signing in.
    SignedIn = "signed-in",
    SignInRefused = "sign-in-refused",
    SignedOut = "signed-out",
    SessionEnded = "session-ended",
    PasswordChanged = "password-changed",
    SecondStepSetUp = "second-step-set-up",
    SecondStepChanged = "second-step-changed",
    RecoveryCodesMade = "recovery-codes-made",
    RecoveryCodeUsed = "recovery-code-used",
    CodeAskedAgain = "code-asked-again",
    // Accounts.
    AccountAdded = "account-added",
    AccountChanged = "account-changed",
    AccountClosed = "account-closed",
    // The register.
    ChildAdded = "child-added",
    ChildChanged = "child-changed",
    ChildrenImported = "children-imported",
    ChildViewed = "child-viewed",
    ChildrenListed = "children-listed",
    // Involvements.
    InvolvementOpened = "involvement-opened",
    InvolvementMoved = "involvement-moved",
    InvolvementCorrected = "involvement-corrected",
    InvolvementMigrated = "involvement-migrated",
    InvolvementViewed = "involvement-viewed",
    InvolvementsRebuilt = "involvements-rebuilt",
    TrayViewed = "tray-viewed",
    ProgressViewed = "progress-viewed",
    FiguresViewed = "figures-viewed",
    // Settings.
    ClosuresChanged = "closures-changed",
    // Sharing.
    SharingGranted = "sharing-granted",
    SharingEnded = "sharing-ended",
    // Definitions.
    DefinitionPublished = "definition-published",
    // What leaves the service.
    Exported = "exported",
    // Somebody was told no.
    Refused = "refused",
}
