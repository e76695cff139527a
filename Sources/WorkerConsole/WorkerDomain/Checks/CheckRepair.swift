/// Changes of files after which a check passes.
package struct CheckRepair: Sendable, Equatable {
    /// One file as it is and as it should be.
    package struct File: Sendable, Equatable {
        /// Absolute.
        package let path: String
        /// As it is shown: relative to the project.
        package let name: String
        package let original: [UInt8]
        package let repaired: [UInt8]

        package init(path: String, name: String, original: [UInt8], repaired: [UInt8]) {
            self.path = path
            self.name = name
            self.original = original
            self.repaired = repaired
        }
    }

    package let files: [File]
    /// What is changed, a sentence each.
    package let steps: [String]

    package init(files: [File], steps: [String]) {
        self.files = files
        self.steps = steps
    }
}

/// What came of applying a repair.
package enum CheckRepairOutcome: Sendable, Equatable {
    /// The copies of the files as they were, by their names.
    case applied(backups: [String])
    /// Nothing was changed; the sentence says why.
    case refused(String)
}
