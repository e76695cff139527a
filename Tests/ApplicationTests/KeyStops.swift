import ConsoleUI
import TerminalCanvas
import WorkerDomain

@testable import Application

/// The panes that tests open, and the way to each.
enum KeyStops {
    private static func hint(_ key: String, _ english: String, _ chinese: String) -> KeyHint {
        KeyHint(key, Phrase(english, chinese))
    }

    static let all: [KeyTour.Stop] = Self.first + Self.stored + Self.last

    private static let first: [KeyTour.Stop] = [
        KeyTour.Stop(
            screen: .overview, title: Phrase("Needs attention", "需要关注"), path: []),
        KeyTour.Stop(
            screen: .traffic, title: Phrase("List", "列表"), path: [],
            unnamed: [
                Self.hint("F G End", "follow the newest", "跟随最新"), Self.hint("c", "clear the filter", "清除过滤"),
                Self.hint("U", "clear the marks", "清除标记"),
            ]),
        KeyTour.Stop(screen: .traffic, title: Phrase("Filter", "过滤"), path: [.character("/")]),
        KeyTour.Stop(
            screen: .traffic, title: Phrase("An exchange", "一个请求"), path: [.enter],
            unnamed: [Self.hint("[ ]", "previous, next tab", "上一个、下一个标签页")]),
    ]

    private static let stored: [KeyTour.Stop] = [
        KeyTour.Stop(
            screen: .buckets, title: Phrase("Keys of a bucket", "桶中的键"), path: [],
            unnamed: [
                Self.hint("l h", "into a folder, out of it", "进入、离开目录"),
                Self.hint("+", "list more", "继续列出"),
                Self.hint("< >", "sort by the column before, behind", "按前一列、后一列排序"),
                Self.hint("c", "clear the filter", "清除过滤"),
                Self.hint("v a U", "mark a range, all, none", "标记范围、全部标记、清除标记"),
                Self.hint("z", "sum", "统计"),
            ]),
        KeyTour.Stop(
            screen: .buckets, title: Phrase("Write mode", "写入模式"),
            path: [.character("W"), .character("G"), .character(" ")]),
        KeyTour.Stop(
            screen: .buckets, title: Phrase("Path of a transfer", "传输路径"),
            path: [.character("G"), .character("s")]),
        KeyTour.Stop(
            screen: .buckets, title: Phrase("Delete", "删除"),
            path: [.character("W"), .character("G"), .character("X")]),
        KeyTour.Stop(
            screen: .buckets, title: Phrase("Search results", "搜索结果"),
            path: [.character("/"), .tab, .tab, .character("e"), .enter]),
        KeyTour.Stop(screen: .buckets, title: Phrase("Filter or prefix", "过滤或前缀"), path: [.character("/")]),
        KeyTour.Stop(screen: .buckets, title: Phrase("Sort menu", "排序菜单"), path: [.character("o")]),
        KeyTour.Stop(
            screen: .buckets, title: Phrase("Details", "详情"), path: [.tab],
            unnamed: [Self.hint("Esc", "back to the list", "返回列表")]),
        KeyTour.Stop(
            screen: .buckets, title: Phrase("An object", "一个对象"), path: [.character("G"), .enter],
            unnamed: [
                Self.hint("[ ]", "previous, next view", "上一个、下一个视图"),
                Self.hint("h l", "scroll sideways", "左右滚动"),
                Self.hint("+", "read on", "继续读取"),
                Self.hint("Y", "copy URI", "复制 URI"),
            ]),
        KeyTour.Stop(
            screen: .backends, title: Phrase("List", "列表"), path: [],
            unnamed: [Self.hint("⏎", "switch, or add what is suggested", "切换，或添加建议的后端")]),
        KeyTour.Stop(screen: .backends, title: Phrase("Add a backend", "添加后端"), path: [.character("n")]),
        KeyTour.Stop(
            screen: .backends, title: Phrase("Drain, canary, fault", "排空、金丝雀、故障注入"), path: [.character("f")]),
    ]

    private static let last: [KeyTour.Stop] = [
        KeyTour.Stop(
            screen: .database, title: Phrase("Tables", "表"), path: [],
            unnamed: [Self.hint("c", "clear the filter", "清除过滤")]),
        KeyTour.Stop(
            screen: .database, title: Phrase("Rows", "行"), path: [.enter],
            unnamed: [
                Self.hint("< >", "sort by the column before, behind", "按前一列、后一列排序"),
                Self.hint("c", "clear the filter", "清除过滤"),
                Self.hint("#", "count the rows", "计算行数"),
            ]),
        KeyTour.Stop(screen: .database, title: Phrase("A row", "一行"), path: [.enter, .enter]),
        KeyTour.Stop(
            screen: .database, title: Phrase("A value", "一个值"), path: [.enter, .enter, .enter],
            unnamed: [Self.hint("h l", "scroll sideways", "左右滚动")]),
        KeyTour.Stop(screen: .database, title: Phrase("Schema", "结构"), path: [.character("s")]),
        KeyTour.Stop(screen: .database, title: Phrase("Filter", "过滤"), path: [.character("/")]),
        KeyTour.Stop(
            screen: .database, title: Phrase("SQL statement", "SQL 语句"), path: [.character("i")],
            unnamed: [Self.hint("↑ ↓", "an earlier, a later statement", "上一条、下一条语句")]),
        KeyTour.Stop(
            screen: .checks, title: Phrase("List", "列表"), path: [],
            unnamed: [
                Self.hint("p", "previous problem", "上一个问题"), Self.hint("a", "run again", "重新运行"),
            ]),
        KeyTour.Stop(screen: .checks, title: Phrase("Explanation", "说明"), path: [.enter]),
        KeyTour.Stop(screen: .checks, title: Phrase("Fix", "修复"), path: [.character("f")]),
    ]
}
