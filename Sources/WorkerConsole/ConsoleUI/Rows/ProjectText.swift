import WorkerDomain

/// What became of the project's files, in words.
enum ProjectText {
    /// Keys that are named in one line; the rest is counted.
    private static let named = 4

    /// `wrangler.toml`, `wrangler.toml and 3 more files`.
    static func names(_ files: [String], _ language: Language) -> String {
        guard let first = files.first(where: { $0.hasPrefix("wrangler.") }) ?? files.first else { return "" }
        guard files.count > 1 else { return first }
        return ProjectPhrases.others(language, first, "\(files.count - 1)")
    }

    /// What a person should know of a change at once; `nil` when the checks alone say what came of it.
    static func toast(_ news: ProjectNews, _ language: Language) -> String? {
        // What a narrow window cuts off, the checks and Overview say too.
        var parts = news.unusable.isEmpty ? [] : [ProjectPhrases.kept(language)]
        parts += news.unusable.map { self.problem($0, language) }
        if news.hasNewBindings { parts.append(ProjectPhrases.newBindings(language)) }
        if news.isOfSettings {
            for (keys, phrase) in [
                (news.needRestart, ProjectPhrases.needRestart), (news.heldBack, ProjectPhrases.heldBack),
                (news.applied, ProjectPhrases.applied),
            ] where !keys.isEmpty { parts.append(phrase(language, self.list(keys))) }
        }
        guard !parts.isEmpty else { return nil }
        let start = ProjectPhrases.changed(language, self.names(news.files, language))
        return start + " · " + parts.joined(separator: " · ")
    }

    static func problem(_ unusable: ProjectNews.Unusable, _ language: Language) -> String {
        switch unusable.problem {
        case .fault(let place, let reason): ProjectPhrases.fault(language, place, language.text(reason))
        case .gone: ProjectPhrases.gone(language, unusable.file)
        case .emptied: ProjectPhrases.emptied(language, unusable.file)
        }
    }

    /// Lines that ``AttentionItem/project(in:)`` makes of it, but for what only says how changes are seen.
    static func noticeCount(_ news: ProjectNews) -> Int {
        news.unusable.count + (news.needRestart.isEmpty ? 0 : 1) + (news.heldBack.isEmpty ? 0 : 1)
    }

    /// `cors.origins, cors.max_age, +3`.
    static func list(_ keys: [String]) -> String { Counted.list(keys, atMost: self.named) }
}

extension AttentionItem {
    /// What is not as the project's files say.
    static func project(in world: World) -> [AttentionItem] {
        let (news, language) = (world.status.project, world.language)
        var items = news.unusable.map { unusable in
            AttentionItem(
                id: "file \(unusable.file)", level: .failure, at: news.readAt,
                text: ProjectPhrases.fault(language, unusable.file, ProjectPhrases.kept(language)) + " · "
                    + ProjectText.problem(unusable, language),
                place: .screen(.checks))
        }
        if !news.needRestart.isEmpty {
            let text = ProjectPhrases.waiting(language, ProjectText.list(news.needRestart), "\(news.needRestart.count)")
            items.append(AttentionItem(id: "restart", level: .warning, at: news.readAt, text: text, place: .none))
        }
        if !news.heldBack.isEmpty {
            let text = ProjectPhrases.fault(
                language, "worker-console.toml",
                ProjectPhrases.heldBack(language, ProjectText.list(news.heldBack)))
            items.append(AttentionItem(id: "held back", level: .warning, at: news.readAt, text: text, place: .none))
        }
        if let delay = news.delay {
            let phrase = delay == .inotifyLimit ? ProjectPhrases.inotifyLimit : ProjectPhrases.sharedFolder
            items.append(
                AttentionItem(
                    id: "delay", level: .note, at: world.status.startedAt, text: phrase(language), place: .none))
        }
        return items
    }
}
