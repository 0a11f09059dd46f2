// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.wire.gquic;

/**
 * Tags of handshake messages, gQUIC 6: four octets, here an int as it is read in little endian, in which order an
 * unsigned comparison sorts them. Names of three letters end in an octet of 0, and CRT in one of 0xff.
 */
public final class Tag
{
    /** Message: client hello. */
    public static final int CHLO = 0x4f4c_4843;

    /** Message: the CHLO was not enough, or not right. */
    public static final int REJ = 0x004a_4552;

    /** Message: server hello. */
    public static final int SHLO = 0x4f4c_4853;

    /** Message, and in REJ the value that is one: server config. */
    public static final int SCFG = 0x4746_4353;

    /** Message: stateless reject. */
    public static final int SREJ = 0x4a45_5253;

    /** Message: public reset. */
    public static final int PRST = 0x5453_5250;

    /** Message: server config update. */
    public static final int SCUP = 0x5055_4353;

    /** Host name, ASCII; never an address. */
    public static final int SNI = 0x0049_4e53;

    /** The client's first choice of version; in SHLO all of the server's. */
    public static final int VER = 0x0052_4556;

    /** Kinds of proof the client takes: {@link #X509}. */
    public static final int PDMD = 0x444d_4450;

    /** Common certificate sets the client has, 8 octets each. */
    public static final int CCS = 0x0053_4343;

    /** Certificates the client has, 8 octets of FNV-1a-64 each. */
    public static final int CCRT = 0x5452_4343;

    /** FNV-1a-64 of the leaf that the client expects. */
    public static final int XLCT = 0x5443_4c58;

    /** Source-address token. */
    public static final int STK = 0x004b_5453;

    /** Server nonce. */
    public static final int SNO = 0x004f_4e53;

    /** Client nonce, 32 octets. */
    public static final int NONC = 0x434e_4f4e;

    /** Server config ID, 16 octets. */
    public static final int SCID = 0x4449_4353;

    /** AEADs, 4 octets each; in CHLO the one. */
    public static final int AEAD = 0x4441_4541;

    /** Key exchanges, 4 octets each; in CHLO the one. */
    public static final int KEXS = 0x5358_454b;

    /** Public values; in SCFG each behind a 3-octet length. */
    public static final int PUBS = 0x5342_5550;

    /** Orbit, 8 octets. */
    public static final int OBIT = 0x5449_424f;

    /** When the config expires, seconds of 1970. */
    public static final int EXPY = 0x5950_5845;

    /** How long the config is good, seconds. */
    public static final int STTL = 0x4c54_5453;

    /** Proof: the signature of gQUIC 11. */
    public static final int PROF = 0x464f_5250;

    /** Signed certificate timestamps. */
    public static final int CSCT = 0x5443_5343;

    /** Why it was rejected: {@link RejectReason}s, 4 octets each. */
    public static final int RREJ = 0x4a45_5252;

    /** The server's name. */
    public static final int SVID = 0x4449_5653;

    /** Connection ID to use next. */
    public static final int RCID = 0x4449_4352;

    /** Idle timeout in seconds. */
    public static final int ICSL = 0x4c53_4349;

    /** Silent close on timeout. */
    public static final int SCLS = 0x534c_4353;

    /** Most streams the peer may have open. */
    public static final int MIDS = 0x5344_494d;

    /** Older form of {@link #MIDS}. */
    public static final int MSPC = 0x4350_534d;

    /** Window of the connection in octets. */
    public static final int CFCW = 0x5743_4643;

    /** Window of each stream in octets. */
    public static final int SFCW = 0x5743_4653;

    /** Length of the connection ID that the server must send; 0: none. */
    public static final int TCID = 0x4449_4354;

    /** Receive buffer of the socket. */
    public static final int SRBF = 0x4642_5253;

    /** First estimate of the round trip in microseconds. */
    public static final int IRTT = 0x5454_5249;

    /** Headers have a limit of their own. */
    public static final int SMHL = 0x4c48_4d53;

    /** Options of the connection, 4 octets each. */
    public static final int COPT = 0x5450_4f43;

    /** Options of the client, 4 octets each. */
    public static final int CLOP = 0x504f_4c43;

    /** Nonce for the proof, 32 octets. */
    public static final int NONP = 0x504e_4f4e;

    /** The client's time, seconds of 1970. */
    public static final int CTIM = 0x4d49_5443;

    /** The client's name. */
    public static final int UAID = 0x4449_4155;

    /** Application protocol. */
    public static final int ALPN = 0x4e50_4c41;

    /** The client's address as the server sees it. */
    public static final int CADR = 0x5244_4143;

    /** Stateless reset token, 16 octets. */
    public static final int SRST = 0x5453_5253;

    /** Filler. */
    public static final int PAD = 0x0044_4150;

    /** Encrypted client values; obsolete. */
    public static final int CETV = 0x5654_4543;

    /** Token binding; obsolete. */
    public static final int TBKP = 0x504b_4254;

    /** Public reset: nonce proof, 8 octets. */
    public static final int RNON = 0x4e4f_4e52;

    /** Public reset: rejected packet number, 8 octets. */
    public static final int RSEQ = 0x5145_5352;

    /** AEAD: AES-128-GCM with a tag of 12 octets. */
    public static final int AESG = 0x4753_4541;

    /** AEAD: ChaCha20-Poly1305 with a tag of 12 octets. */
    public static final int CC20 = 0x3032_4343;

    /** Key exchange: X25519. */
    public static final int C255 = 0x3535_3243;

    /** Key exchange: ECDH on P-256. */
    public static final int P256 = 0x3635_3250;

    /** Proof: a chain of X.509 certificates. */
    public static final int X509 = 0x3930_3558;

    /** Option: no STOP_WAITING. */
    public static final int NSTP = 0x5054_534e;

    /** Certificates, see {@link CertificateListDecoder}. */
    public static final int CRT = 0xff54_5243;

    /** Octets of a tag. */
    public static final int LENGTH = 4;

    private Tag()
    {
    }

    /**
     * {@return a name for traces}: printable octets as they are, without zeros at the end. Allocates.
     *
     * @param tag any
     */
    public static String nameOf(final int tag)
    {
        final StringBuilder name = new StringBuilder(LENGTH);
        for (int rest = tag; rest != 0; rest >>>= Byte.SIZE)
        {
            final int octet = rest & 0xff;
            name.append(octet >= ' ' && octet <= '~' ? (char)octet : octet == 0xff ? (char)0xff : '.');
        }
        return name.toString();
    }
}
