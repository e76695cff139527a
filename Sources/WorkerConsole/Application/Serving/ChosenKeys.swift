import ConsoleUI
import StorageScreens
import WorkerDomain
import WorkerProject

/// The keys that `[keys]` of `worker-console.toml` chooses: what can be used, and what is wrong with the rest.
enum ChosenKeys {
    static func keymap(of choices: [ConsoleConfiguration.KeyChoice]) -> Keymap { Self.read(choices).keymap }

    private static func read(_ choices: [ConsoleConfiguration.KeyChoice]) -> KeymapReader {
        KeymapReader(choices.map { KeymapReader.Choice($0.action, $0.keys) }, catalog: .all)
    }

    /// Looks at the choices of a project that was read: those that cannot be used go, and each of them is a finding.
    static func check(_ project: inout ProjectConfiguration) {
        let choices = project.console.keys
        let faults = self.read(choices).faults
        guard !faults.isEmpty else { return }
        project.console.keys = choices.enumerated().filter { faults[$0.offset] == nil }.map(\.element)
        for (index, fault) in faults.sorted(by: { $0.key < $1.key }) {
            let key = "keys.\(choices[index].action)"
            let finding = ConfigurationFinding(
                .error, file: project.console.path, at: project.console.places[key], field: key,
                message: "\"\(key)\" \(self.text(of: fault))")
            project.console.places[key] = nil
            project.findings.insert(finding, at: self.place(of: finding, in: project.findings))
        }
    }

    /// Among the findings of one file, in the order of the file.
    private static func place(of finding: ConfigurationFinding, in findings: [ConfigurationFinding]) -> Int {
        let isLater = findings.firstIndex { other in
            other.file == finding.file
                && (other.line ?? .max, other.column ?? .max) > (finding.line ?? .max, finding.column ?? .max)
        }
        return isLater ?? findings.lastIndex { $0.file == finding.file }.map { $0 + 1 } ?? findings.count
    }

    private static func text(of fault: KeymapReader.Fault) -> String {
        switch fault {
        case .unknownAction(let nearest):
            let advice = nearest.map { "did you mean \"\($0)\"?" } ?? "docs/reference/keys.md lists the actions"
            return "names no action; \(advice)"
        case .unreadable(let text):
            return
                "cannot be \"\(text)\": write one character, or a name like \"space\", \"ctrl-y\", \"pageup\", \"f5\"; "
                + "ctrl-c, ctrl-i, ctrl-j, ctrl-m, ctrl-q, ctrl-s and ctrl-z cannot be chosen"
        case .isText(let key):
            return
                "cannot be \"\(KeyName.written(key))\", which a text field needs; choose a key like \"ctrl-y\" or \"f5\""
        case .isTaken(let key, let entry):
            return
                "cannot be \"\(KeyName.written(key))\", which is \"\(entry.action)\" there (\(entry.label.english)); "
                + "choose another key, or another one for \"\(entry.action)\" as well"
        }
    }
}
