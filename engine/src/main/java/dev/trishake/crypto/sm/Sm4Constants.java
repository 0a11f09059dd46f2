// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.crypto.sm;

/** The constants of SM4's key expansion and its S-box as a table, for those who may have one. */
public final class Sm4Constants
{
    /** How the S-box is written down in GB/T 32907 6.2, row by row. */
    private static final String SBOX =
        "d690e9fecce13db716b614c228fb2c052b679a762abe04c3aa44132649860699" +
        "9c4250f491ef987a33540b43edcfac62e4b31ca9c908e89580df94fa758f3fa6" +
        "4707a7fcf37317ba83593c19e6854fa8686b81b27164da8bf8eb0f4b70569d35" +
        "1e240e5e6358d1a225227c3b01217887d40046579fd327524c3602e7a0c4c89e" +
        "eabf8ad240c738b5a3f7f2cef96115a1e0ae5da49b341a55ad933230f58cb1e3" +
        "1df6e22e8266ca60c02923ab0d534e6fd5db3745defd8e2f03ff6a726d6c5b51" +
        "8d1baf92bbddbc7f11d95c411f105ad80ac13188a5cd7bbd2d74d012b8e5b4b0" +
        "8969974a0c96777e65b9f109c56ec68418f07dec3adc4d2079ee5f3ed7cb3948";

    private static final int[] FK = {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};

    private Sm4Constants()
    {
    }

    /**
     * {@return the S-box as a table of 256 octets; a new array}
     */
    public static byte[] sbox()
    {
        final byte[] table = new byte[SBOX.length() / 2];
        for (int i = 0; i < table.length; i++)
        {
            table[i] = (byte)Integer.parseInt(SBOX, 2 * i, 2 * i + 2, 16);
        }
        return table;
    }

    /**
     * {@return FKi, the system parameter of 7.3}
     *
     * @param i 0 to 3
     */
    public static int fk(final int i)
    {
        return FK[i];
    }

    /**
     * {@return CKi, the fixed parameter of 7.3: its octet j, counted from the left, is 7 (4 i + j) modulo 256}
     *
     * @param i 0 to 31
     */
    public static int ck(final int i)
    {
        int word = 0;
        for (int j = 0; j < Integer.BYTES; j++)
        {
            word = word << Byte.SIZE | (7 * (4 * i + j) & 0xff);
        }
        return word;
    }
}
