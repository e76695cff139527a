package import WorkerDomain

/// Texts of stored data that several screens share.
package enum StoragePhrases {
    static let retry = Phrase("r try again", "r 重试")
    static let operation = Phrase("operation", "操作")
    package static let reason = Phrase("why", "原因")
    static let advice = Phrase("fix", "解决办法")
    static let line = Phrase("ln %1/%2", "行 %1/%2")

    /// What went wrong, in one sentence.
    package static func title(of code: StorageError.Code) -> Phrase {
        switch code {
        case .notFound: Phrase("not found", "不存在")
        case .denied: Phrase("permission denied", "没有权限")
        case .unreachable: Phrase("the store does not respond", "存储没有响应")
        case .locked: Phrase("another program has locked the file", "文件被其他程序锁定")
        case .malformed: Phrase("the stored data is damaged or in another format", "存储的数据已损坏或格式不同")
        case .invalid: Phrase("the request was rejected", "请求被拒绝")
        case .unsupported: Phrase("a library is missing", "缺少系统库")
        case .limit: Phrase("too large or too slow", "太大或太慢")
        case .remote: Phrase("remote: not read here yet", "远程资源：此处暂不能读取")
        }
    }

    /// What a person can do about it.
    static func advice(for code: StorageError.Code) -> Phrase {
        switch code {
        case .notFound: Phrase("reload; it may have been removed or renamed", "请重新读取；它可能已被删除或改名")
        case .denied:
            Phrase("check who owns the files and the credentials of this binding", "检查文件所有者以及此绑定的凭据")
        case .unreachable: Phrase("check that the store is running, then reload", "确认存储服务在运行，然后重新读取")
        case .locked: Phrase("wait for the other program to finish, then reload", "等另一个程序完成后重新读取")
        case .malformed:
            Phrase(
                "inspect it with the wrangler version that wrote it; nothing was changed here",
                "用写入它的 wrangler 版本检查；这里没有改动任何内容")
        case .invalid: Phrase("change the statement or the range and try again", "修改语句或范围后重试")
        case .remote:
            Phrase(
                "without remote = true in the wrangler file, wrangler dev stores on this machine, and that is shown here",
                "去掉 wrangler 配置中的 remote = true 后，wrangler dev 会存储在本机，此处即可显示")
        case .unsupported: Phrase("install it, then start the program again", "安装后重新启动程序")
        case .limit: Phrase("narrow it down: a filter, a prefix, a LIMIT", "缩小范围：过滤、前缀或 LIMIT")
        }
    }
}
