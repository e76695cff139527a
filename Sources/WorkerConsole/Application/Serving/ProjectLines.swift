import TextSafety
import WorkerDomain

/// What a change of the project's files means, as the line that `serve` says of it.
enum ProjectLines {
    /// Files, keys and mistakes that are named in one line; the rest is counted.
    private static let named = 8

    /// What became of the files, and what is wrong in them (`notices`).
    static func line(_ news: ProjectNews, notices: [String]) -> String {
        var parts = news.unusable.map { unusable in
            switch unusable.problem {
            case .fault(let place, let reason): "\(place): \(reason)"
            case .gone: "\(unusable.file) is gone"
            case .emptied: "\(unusable.file) is empty"
            }
        }
        if !news.unusable.isEmpty { parts.append("the previous values stay in use") }
        parts += notices.prefix(self.named)
        if notices.count > self.named { parts.append("and \(notices.count - self.named) more") }
        if !notices.isEmpty { parts.append("keys with invalid values keep their current value") }
        for (keys, words) in [
            (news.applied, "now in use: "), (news.needRestart, "needs a restart: "),
            (news.heldBack, "not applied until its table is corrected: "),
        ] where !keys.isEmpty { parts.append(words + Counted.list(keys, atMost: self.named)) }
        if parts.isEmpty { parts = ["requests are served as before"] }
        return "\(Counted.list(news.files, atMost: self.named)) changed on disk: \(parts.joined(separator: "; "))"
    }

    /// Why changes are seen late, and what to do.
    static func line(_ delay: ProjectNews.Delay) -> String {
        switch delay {
        case .inotifyLimit:
            "cannot watch the project's files: the system's inotify limit is reached; they are checked every 2 s "
                + "(raise fs.inotify.max_user_watches or fs.inotify.max_user_instances with sysctl)"
        case .sharedFolder:
            "the project's file system does not announce changes, so its files are checked every 2 s"
        }
    }
}
