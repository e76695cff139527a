import Glibc
import OperatingSystem
import TextSafety
import WorkerDomain
import WorkerProject

/// What a person sees of a repair before it is made.
enum CheckFix {
    /// A unified diff of each file; nothing in it gives access or steers a terminal.
    static func lines(of repair: CheckRepair, color: Bool) -> [String] {
        repair.files.flatMap { file in
            let (old, new) = (Self.text(file.original), Self.text(file.repaired))
            return LineDiff(from: old, to: new).unified(name: file.name).map { line in
                let safe = CheckReportText.safe(line)
                guard color, let code = Self.color(of: line) else { return safe }
                return "\u{1B}[\(code)m\(safe)\u{1B}[0m"
            }
        }
    }

    /// Without the secrets that a configuration or a source has.
    private static func text(_ bytes: [UInt8]) -> String {
        Redaction.standard.source(String(decoding: bytes, as: UTF8.self).replacing("\u{FEFF}", with: ""))
    }

    private static func color(of line: String) -> Int? {
        switch line.first {
        case "+" where !line.hasPrefix("+++"): 32
        case "-" where !line.hasPrefix("---"): 31
        case "@": 36
        default: nil
        }
    }

    static func hasColour(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && (ProcessEnvironment.current()["NO_COLOR"] ?? "").isEmpty
    }

    private static let question = Phrase("Change %1? [y/N] ", "更改 %1？[y/N] ")

    /// Asks on the terminal; without one the answer is no.
    static func confirm(_ repair: CheckRepair, in language: Language) -> Bool {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return false }
        let names = repair.files.map { CheckReportText.safe($0.name) }.joined(separator: ", ")
        _ = DescriptorOutput.write(Self.question(language, names), to: STDERR_FILENO)
        guard let answer = readLine() else { return false }
        return ["y", "yes", "是"].contains(answer.lowercased())
    }
}
