import Widgets
import WorkerDomain

/// What became of a copied text, as the person is told.
struct CopyReply: Sendable {
    let copied: CopiedText
    let outcome: CopyOutcome

    var isFailure: Bool { if case .failed = self.outcome { true } else { false } }

    /// How long it is shown: a path takes time to read.
    var seconds: Int64 {
        switch self.outcome {
        case .file, .failed: 20
        case .terminal, .nested, .screen, .tmux: 5
        }
    }

    /// The way, what is to be known of the text, and its length, as far as there is room; in a small window what is to be
    /// known comes first. The key `reveal` shows what the text hides.
    func message(_ language: Language, columns: Int, reveal: String) -> String {
        guard !self.isFailure else { return self.way(language) }
        var facts: [String] = []
        if self.copied.isRedacted { facts.append(ChromePhrases.copyRedacted(language, reveal)) }
        if self.copied.isDifferent { facts.append(ChromePhrases.copyDifferent(language)) }
        if self.copied.isQuoted { facts.append(ChromePhrases.copyQuoted(language)) }
        if case .file(let path, _) = self.outcome, columns < 120, !facts.isEmpty {
            // Why it is no clipboard matters less than what the file is.
            return (facts + [ChromePhrases.inFile(language, path)]).joined(separator: " · ")
        }
        let way = self.way(language)
        let length = ChromePhrases.copyLength(language, Format.count(self.copied.text.count))
        return (columns < 60 ? facts + [way, length] : [way] + facts + [length]).joined(separator: " · ")
    }

    private func way(_ language: Language) -> String {
        switch self.outcome {
        case .terminal: ChromePhrases.sentToTerminal(language)
        case .nested: ChromePhrases.sentNested(language)
        case .screen: ChromePhrases.sentThroughScreen(language)
        case .tmux(let isSentOn): (isSentOn ? ChromePhrases.inTmuxAndSent : ChromePhrases.inTmux)(language)
        case .file(let path, let obstacle): Self.phrase(obstacle)(language, path)
        case .failed(let reason): ChromePhrases.notCopied(language, language.text(reason))
        }
    }

    private static func phrase(_ obstacle: CopyOutcome.Obstacle) -> Phrase {
        switch obstacle {
        case .tooLong: ChromePhrases.inFileTooLong
        case .noClipboard: ChromePhrases.inFileNoClipboard
        case .deafTerminal: ChromePhrases.inFileDeaf
        case .noTmux: ChromePhrases.inFileNoTmux
        }
    }
}
