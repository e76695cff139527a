/// The table of what nginx and HAProxy do otherwise, with a reason for each line.
struct DifferencesPage {
    /// One case with what became of it at each proxy that was there.
    struct Row: Sendable {
        let name: String
        let isAnswer: Bool
        var outcomes: [DifferentialPeer.Kind: Outcome] = [:]

        /// The others that did not do as we did.
        var different: [DifferentialPeer.Kind] {
            guard let ours = self.outcomes[.ours] else { return [] }
            return [.nginx, .haproxy].filter { kind in self.outcomes[kind].map { !$0.agrees(with: ours) } ?? false }
        }
    }

    let rows: [Row]
    let reasons: [(isAnswer: Bool, pattern: String, reason: String)]

    /// The reason for a case, by its name or by what its name begins with.
    func reason(for row: Row) -> String? {
        self.reasons.first { entry in
            guard entry.isAnswer == row.isAnswer else { return false }
            return entry.pattern.hasSuffix("*")
                ? row.name.hasPrefix(entry.pattern.dropLast()) : row.name == entry.pattern
        }?.reason
    }

    func text(versions: String) -> String {
        let requests = self.rows.filter { !$0.isAnswer }
        let answers = self.rows.filter { $0.isAnswer }
        let different = self.rows.filter { !$0.different.isEmpty }.count
        return """
            # Differences from nginx and HAProxy

            \(requests.count) requests and \(answers.count) answers of backends, raw bytes from the literature on request smuggling, are sent through this proxy, nginx and HAProxy.
            \(different) of them are not treated alike by all three; the tables give each with its reason.
            The cases are in `Tests/DifferentialTests/Corpus`, the table is made by the test there: `make docs` writes it anew.
            Compared with \(versions), with their default settings but for time limits, keep-alive to the backend and unbuffered uploads.

            A refusal with another status, or without one, is no difference, nor is an answer that is cut off instead of refused.
            "Kept" and "closed" tell whether a second request on the same connection was served; for answers it is left out, because it depends on which end is seen first.
            What arrived at the other side stands behind the verdict; fields that every hop sets itself are left out.
            "=" means: as this proxy.

            ## Requests

            \(Self.table(requests.filter { !$0.different.isEmpty }, self.reason))

            ## Answers of a backend

            \(Self.table(answers.filter { !$0.different.isEmpty }, self.reason))

            """
    }

    private static func table(_ rows: [Row], _ reason: (Row) -> String?) -> String {
        let lines = rows.map { row in
            let ours = row.outcomes[.ours]
            let others = [DifferentialPeer.Kind.nginx, .haproxy].map { kind in
                row.different.contains(kind) ? row.outcomes[kind]?.text ?? "" : "="
            }
            return "| \(row.name) | \(ours?.text ?? "") | \(others[0]) | \(others[1]) | \(reason(row) ?? "MISSING") |"
        }
        return "| Case | This proxy | nginx | HAProxy | Reason |\n| --- | --- | --- | --- | --- |\n"
            + lines.joined(separator: "\n")
    }
}
