import TerminalCanvas
import TextSafety
import TrafficJournal

/// What goes to the clipboard: the one door for everything that is copied.
///
/// What is pasted may reach a shell, so nothing that steers a terminal leaves as it is.
package struct CopiedText: Sendable, Equatable {
    let text: String
    /// The text is a shell's word that stands for the exact bytes.
    var isQuoted = false
    /// Secrets are hidden in it.
    var isRedacted = false
    /// A command that does not send the request as it was, and says so itself.
    var isDifferent = false

    /// A value from outside.
    init(value: String) {
        self.isQuoted = ControlCharacters.areIn(value)
        self.text = self.isQuoted ? ControlCharacters.shellWord(value) : value
        self.isRedacted = value.contains(Redaction.mask)
    }

    init(command: CurlCommand) {
        self.init(lines: command.text)
        self.isRedacted = command.isRedacted
        self.isDifferent = !command.differences.isEmpty
    }

    /// Lines of this program's own, which has quoted what it took from outside; what is left becomes visible.
    init(lines: String) {
        self.isRedacted = lines.contains(Redaction.mask)
        let isSafe: (Unicode.Scalar) -> Bool = { $0 == "\n" || $0 == "\t" || !ControlCharacters.isUnsafe($0) }
        guard !lines.unicodeScalars.allSatisfy(isSafe) else {
            self.text = lines
            return
        }
        var text = ""
        for scalar in lines.unicodeScalars {
            if isSafe(scalar) { text.unicodeScalars.append(scalar) } else { text += Sanitizer.line(String(scalar)) }
        }
        self.text = text
    }

    /// A value as one column of a row.
    package static func column(_ value: String) -> String { CopiedText(value: value).text }
}
